/** Arguments of convolutions beside the geometry: tensors and blocking. */
export const BATCH: usize = 14;
export const INPUT: usize = 15;
export const FILTER: usize = 16;
export const OUTPUT: usize = 17;
export const BIAS: usize = 18;
export const ACTIVATION: usize = 19;
export const PANELS: usize = 20;
export const PANEL_STRIDE: usize = 21;
export const PANEL_ROW: usize = 22;
export const BLOCK_ROWS: usize = 23;
export const CHUNKS: usize = 24;
export const PARTIALS: usize = 25;
export const MASK: usize = 26;
export const BIAS_GRADIENT: usize = 27;
export const IMAGES_PER_TASK: usize = 28;

/** Elements of the partial sums of a filter gradient that one task of its last pass adds up. */
export const SUM_BLOCK: i32 = 4096;
