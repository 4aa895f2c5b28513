import { FREE } from "../runtime/window";

/** Arguments of convolutions beside the geometry: tensors and blocking. */
export const BATCH: usize = FREE;
export const INPUT: usize = FREE + 1;
export const FILTER: usize = FREE + 2;
export const OUTPUT: usize = FREE + 3;
export const BIAS: usize = FREE + 4;
export const ACTIVATION: usize = FREE + 5;
export const PANELS: usize = FREE + 6;
export const PANEL_STRIDE: usize = FREE + 7;
export const PANEL_ROW: usize = FREE + 8;
export const BLOCK_ROWS: usize = FREE + 9;
export const CHUNKS: usize = FREE + 10;
export const PARTIALS: usize = FREE + 11;
export const MASK: usize = FREE + 12;
export const BIAS_GRADIENT: usize = FREE + 13;
export const IMAGES_PER_TASK: usize = FREE + 14;

/** Elements of the partial sums of a filter gradient that one task of its last pass adds up. */
export const SUM_BLOCK: i32 = 4096;

/** Bytes of patches in a block of the forward pass and of the input gradient: about a first-level cache. */
export const PATCH_BYTES: i32 = 49152;
