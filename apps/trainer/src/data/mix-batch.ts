import type { HostArray, RandomStream } from "@featuremap/tensor";

/** How the pictures of a batch are blended: alpha of each way's Beta distribution, 0 for never. */
export interface Mixing {
  readonly mixup: number;
  readonly cutmix: number;
  /** With the numbers of epoch and batch it decides what is blended with what. */
  readonly seed: number;
}

/** Whether there is anything to blend. */
export function mixes(mixing: Mixing | undefined): mixing is Mixing {
  return mixing !== undefined && (mixing.mixup > 0 || mixing.cutmix > 0);
}

/**
 * Blends each picture of a batch with another of it, and its targets by the same share; written in place.
 *
 * Mixup: `share * picture + (1 - share) * other`, the share from Beta(alpha, alpha). CutMix: a box of the other picture, its
 * area `1 - share` of the whole as far as it lies within. Where both are asked for, a batch has one or the other.
 * Source: Zhang et al., ICLR 2018; Yun et al., ICCV 2019; one share for a batch, as torchvision has it.
 *
 * @param targets float32, an entry for each picture
 */
export function mixBatch(
  images: HostArray<Float32Array>,
  targets: readonly (HostArray | undefined)[],
  { mixup, cutmix }: Mixing,
  random: RandomStream,
): void {
  const [count = 0, height = 0, width = 0, channels = 0] = images.shape;
  const cuts = cutmix > 0 && (mixup === 0 || random.uniform() < 0.5);
  const share = beta(cuts ? cutmix : mixup, random);
  const others = random.permutation(count);
  const kept = cuts ? paste(images.data, [height, width, channels], others, share, random) : share;
  if (!cuts) blend(images.data, count, others, share);
  for (const target of targets) if (target) blend(target.data as Float32Array, count, others, kept);
}

/** `values = share * values + (1 - share) * others'` */
function blend(values: Float32Array, count: number, others: Uint32Array, share: number): void {
  const size = values.length / count;
  const before = values.slice();
  for (let to = 0; to < count; to++) {
    const from = (others[to] ?? to) * size;
    for (let index = 0; index < size; index++) {
      values[to * size + index] = share * (before[to * size + index] ?? 0) + (1 - share) * (before[from + index] ?? 0);
    }
  }
}

/** Puts one box of each other picture into the pictures. @returns the share of the area that stays */
function paste(
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  others: Uint32Array,
  share: number,
  random: RandomStream,
): number {
  const half = Math.sqrt(1 - share) / 2;
  const [row, column] = [random.integer(height), random.integer(width)];
  const [top, bottom] = [
    Math.max(0, row - Math.trunc(half * height)),
    Math.min(height, row + Math.trunc(half * height)),
  ];
  const [left, right] = [
    Math.max(0, column - Math.trunc(half * width)),
    Math.min(width, column + Math.trunc(half * width)),
  ];
  const before = values.slice();
  const size = height * width * channels;
  for (let to = 0; to < others.length; to++) {
    const from = (others[to] ?? to) * size;
    for (let y = top; y < bottom; y++) {
      const [start, end] = [(y * width + left) * channels, (y * width + right) * channels];
      values.set(before.subarray(from + start, from + end), to * size + start);
    }
  }
  return 1 - ((bottom - top) * (right - left)) / (height * width);
}

/** From Beta(alpha, alpha), as the share of one of two gamma variates. */
function beta(alpha: number, random: RandomStream): number {
  const [one, other] = [gamma(alpha, random), gamma(alpha, random)];
  return one + other > 0 ? one / (one + other) : random.uniform() < 0.5 ? 0 : 1;
}

/** Source: Marsaglia and Tsang, 2000; a shape below 1 by their `gamma(shape + 1) * uniform ^ (1 / shape)`. */
function gamma(shape: number, random: RandomStream): number {
  if (shape < 1) return gamma(shape + 1, random) * random.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
