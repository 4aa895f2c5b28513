import * as tf from "@tensorflow/tfjs-core";
import type { FillMode, ProjectiveOptions } from "./projective-transform.ts";

/** Along one axis, the place of a pixel, whether it lies in the image, and how much it counts. */
interface Tap {
  readonly place: tf.Tensor;
  readonly isInside: tf.Tensor | null;
  readonly weight: tf.Tensor | null;
}

/**
 * The pixels at some places of images, which may lie between pixels and outside.
 *
 * Shape: images `[batch, height, width, channels]` at places `[batch, height, width, 1]`, the same for all channels.
 * Source: Keras `map_coordinates`.
 */
export function sampleImages(
  images: tf.Tensor,
  places: { readonly rows: tf.Tensor; readonly columns: tf.Tensor },
  { interpolation, fillMode, fillValue }: ProjectiveOptions,
): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
  const pixels = tf.reshape(images, [batch * height * width, channels]);
  const starts = tf.tensor(
    Int32Array.from({ length: batch }, (_, image) => image * height * width),
    [batch, 1, 1, 1],
    "int32",
  );
  const tapsOf = (positions: tf.Tensor, length: number): readonly Tap[] =>
    interpolation === "nearest"
      ? [tapAt(tf.round(positions), length, fillMode, null)]
      : linearTaps(positions, length, fillMode);
  const across = tapsOf(places.columns, width);
  const terms = tapsOf(places.rows, height).flatMap((row) =>
    across.map((column) => {
      const place = tf.add(tf.add(tf.mul(row.place, tf.scalar(width, "int32")), column.place), starts);
      const found = tf.reshape(tf.gather(pixels, tf.reshape(place, [place.size])), images.shape);
      const filled =
        row.isInside === null || column.isInside === null
          ? found
          : tf.where(tf.logicalAnd(row.isInside, column.isInside), found, tf.fill(images.shape, fillValue));
      return row.weight === null || column.weight === null ? filled : tf.mul(filled, tf.mul(row.weight, column.weight));
    }),
  );
  return terms.length === 1 ? (terms[0] ?? images) : tf.addN(terms);
}

function linearTaps(positions: tf.Tensor, length: number, mode: FillMode): readonly Tap[] {
  const lower = tf.floor(positions);
  const weight = tf.sub(positions, lower);
  return [tapAt(lower, length, mode, tf.sub(1, weight)), tapAt(tf.add(lower, 1), length, mode, weight)];
}

/** @param position whole numbers */
function tapAt(position: tf.Tensor, length: number, mode: FillMode, weight: tf.Tensor | null): Tap {
  const inside = tf.clipByValue(intoImageBy[mode](position, length), 0, length - 1);
  const isInside = mode === "constant" ? tf.logicalAnd(tf.greaterEqual(position, 0), tf.less(position, length)) : null;
  return { place: tf.cast(inside, "int32"), isInside, weight };
}

/** For a place outside of an image, the one inside that stands for it. */
const intoImageBy: Readonly<Record<FillMode, (position: tf.Tensor, length: number) => tf.Tensor>> = {
  constant: (position) => position,
  nearest: (position) => position,
  // Keras's has no second copy of the first pixel, but one of the last.
  reflect: (position, length) => {
    const place = modulo(tf.abs(position), 2 * length);
    return tf.where(tf.less(place, length), place, tf.sub(2 * length - 1, place));
  },
  wrap: modulo,
};

function modulo(position: tf.Tensor, length: number): tf.Tensor {
  return tf.sub(position, tf.mul(tf.floor(tf.div(position, length)), length));
}
