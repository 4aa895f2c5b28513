/** Blocks alike, one after another; only the first has the stride. */
export type StageV2 = readonly [
  kind: "fused" | "separate",
  repeats: number,
  filtersIn: number,
  filters: number,
  expansion: number,
  firstStride: 1 | 2,
];

/** Of B0 to B3. */
export const baseStages: readonly StageV2[] = [
  ["fused", 1, 32, 16, 1, 1],
  ["fused", 2, 16, 32, 4, 2],
  ["fused", 2, 32, 48, 4, 2],
  ["separate", 3, 48, 96, 4, 2],
  ["separate", 5, 96, 112, 6, 1],
  ["separate", 8, 112, 192, 6, 2],
];

export const smallStages: readonly StageV2[] = [
  ["fused", 2, 24, 24, 1, 1],
  ["fused", 4, 24, 48, 4, 2],
  ["fused", 4, 48, 64, 4, 2],
  ["separate", 6, 64, 128, 4, 2],
  ["separate", 9, 128, 160, 6, 1],
  ["separate", 15, 160, 256, 6, 2],
];

export const mediumStages: readonly StageV2[] = [
  ["fused", 3, 24, 24, 1, 1],
  ["fused", 5, 24, 48, 4, 2],
  ["fused", 5, 48, 80, 4, 2],
  ["separate", 7, 80, 160, 4, 2],
  ["separate", 14, 160, 176, 6, 1],
  ["separate", 18, 176, 304, 6, 2],
  ["separate", 5, 304, 512, 6, 1],
];

export const largeStages: readonly StageV2[] = [
  ["fused", 4, 32, 32, 1, 1],
  ["fused", 7, 32, 64, 4, 2],
  ["fused", 7, 64, 96, 4, 2],
  ["separate", 10, 96, 192, 4, 2],
  ["separate", 19, 192, 224, 6, 1],
  ["separate", 25, 224, 384, 6, 2],
  ["separate", 7, 384, 640, 6, 1],
];
