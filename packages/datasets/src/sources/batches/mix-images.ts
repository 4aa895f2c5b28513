import { HostArray, type RandomStream } from "@featuremap/tensor";

/** A box in an image, in pixels: from `left` and `top`, up to and without `right` and `bottom`; they need not be whole. */
export type Box = readonly [left: number, right: number, top: number, bottom: number];

/** With which other example of its batch each one is mixed, and how. */
export interface Mixture {
  /** The other example of each. */
  readonly order: ArrayLike<number>;
  /** What each keeps of its own label. */
  readonly shares: readonly number[];
  /** Where the other image replaces each one; absent where it is laid over all of it. */
  readonly boxes?: readonly Box[];
}

/** Sides of images. */
export interface Sides {
  readonly height: number;
  readonly width: number;
}

/** @param alpha above 0: shares come from the Beta distribution of it. Source: Keras 3 `MixUp`. */
export function drawMixUp(random: RandomStream, count: number, alpha: number): Mixture {
  const order = random.permutation(count);
  return { order, shares: Array.from(order, () => random.beta(alpha)) };
}

/** @param factor in (0, 1]: boxes have areas from the Beta distribution of a number up to it. Source: Keras 3 `CutMix`. */
export function drawCutMix(random: RandomStream, count: number, factor: number, { height, width }: Sides): Mixture {
  const order = random.permutation(count);
  const concentration = random.uniform(0, factor) + 1e-6;
  const span = (length: number, part: number): readonly [number, number] => {
    const start = random.uniform() * (length - part);
    return [start, start + part];
  };
  const boxes = Array.from(order, (): Box => {
    const side = Math.sqrt(1 - random.beta(concentration));
    return [...span(width, side * width), ...span(height, side * height)];
  });
  const shares = boxes.map(([left, right, top, bottom]) => 1 - ((right - left) * (bottom - top)) / (width * height));
  return { order, shares, boxes };
}

/** Rows `[size, ...]`, each with its share of itself and the rest of another one. */
export function mixRows({ data, shape }: HostArray, { order, shares }: Mixture): HostArray<Float32Array> {
  const [size = 0] = shape;
  const length = data.length / Math.max(size, 1);
  const mixed = new Float32Array(data.length);
  for (let row = 0; row < size; row++) {
    const [share, start, other] = [shares[row] ?? 1, row * length, (order[row] ?? row) * length];
    for (let at = 0; at < length; at++) {
      mixed[start + at] = share * (data[start + at] ?? 0) + (1 - share) * (data[other + at] ?? 0);
    }
  }
  return new HostArray(mixed, shape);
}

/** Images with boxes of others in their places. */
export function cutImages(
  { data, shape }: HostArray,
  { order, boxes = [] }: Mixture,
  { height, width }: Sides,
  channelsFirst: boolean,
): HostArray<Float32Array> {
  const mixed = Float32Array.from(data);
  const planeLength = height * width;
  const channels = data.length / Math.max(boxes.length * planeLength, 1);
  // Of channels first, each is a picture of its own with one number a pixel.
  const [planes, depth] = channelsFirst ? [channels, 1] : [1, channels];
  for (const [index, [left, right, top, bottom]] of boxes.entries()) {
    const [firstRow, endRow] = [Math.ceil(top), Math.min(Math.ceil(bottom), height)];
    const [first, end] = [Math.ceil(left) * depth, Math.min(Math.ceil(right), width) * depth];
    if (end <= first) continue;
    for (let plane = 0; plane < planes; plane++) {
      const [start, other] = [index, order[index] ?? index].map((at) => (at * planes + plane) * planeLength * depth);
      for (let row = firstRow; row < endRow; row++) {
        const offset = row * width * depth;
        const [from, to] = [(other ?? 0) + offset + first, (other ?? 0) + offset + end];
        mixed.set(data.subarray(from, to), (start ?? 0) + offset + first);
      }
    }
  }
  return new HostArray(mixed, shape);
}
