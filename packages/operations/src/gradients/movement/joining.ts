import * as tf from "@tensorflow/tfjs-core";
import { kernelGradient, outputsGradient, listGradient } from "../kernel-gradient.ts";

/** Joining tensors and taking them apart, cutting out a part, and padding. */
export const joiningGradients: readonly tf.GradConfig[] = [
  listGradient(tf.Concat, (dy, inputs, { axis }: tf.ConcatAttrs) => {
    const along = positiveAxis(axis, dy.shape);
    let offset = 0;
    return inputs.map(({ shape }) => {
      const begin = dy.shape.map((_, index) => (index === along ? offset : 0));
      offset += shape[along] ?? 0;
      return () => tf.slice(dy, begin, shape);
    });
  }),
  listGradient(tf.Pack, (dy, inputs, { axis }: tf.PackAttrs) => {
    const along = positiveAxis(axis, dy.shape);
    return inputs.map(({ shape }, position) => () => {
      const begin = dy.shape.map((_, index) => (index === along ? position : 0));
      const size = dy.shape.map((length, index) => (index === along ? 1 : length));
      return tf.reshape(tf.slice(dy, begin, size), shape);
    });
  }),
  outputsGradient(tf.SplitV, (dys, { axis }: tf.SplitVAttrs) => ({ x: () => tf.concat(dys, axis) })),
  outputsGradient(tf.Unpack, (dys, { axis }: tf.UnpackAttrs) => ({ value: () => tf.stack(dys, axis) })),
  kernelGradient(tf.Slice, ["x"], (dy, { x }, attributes: tf.SliceAttrs) => ({
    x: () => {
      const [begin = [], size = []] = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
      const paddings = x.shape.map((length, axis): [number, number] => {
        const start = begin[axis] ?? 0;
        return [start, length - start - (size[axis] ?? length)];
      });
      return tf.pad(dy, paddings);
    },
  })),
  kernelGradient(tf.PadV2, [], (dy, _kept, { paddings }: tf.PadV2Attrs) => ({
    x: () =>
      tf.slice(
        dy,
        paddings.map(([before]) => before),
        dy.shape.map((length, axis) => length - sum(paddings[axis])),
      ),
  })),
  kernelGradient(tf.MirrorPad, [], (dy, _kept, { paddings, mode }: tf.MirrorPadAttrs) => ({
    x: () => {
      // "reflect" leaves out the edge itself, "symmetric" repeats it.
      const edge = mode === "reflect" ? 1 : 0;
      return paddings.reduce((folded, padding, axis) => foldMirrored(folded, axis, padding, edge), dy);
    },
  })),
];

function positiveAxis(axis: number, shape: number[]): number {
  return tf.util.parseAxisParam(axis, shape)[0] ?? 0;
}

function sum(padding: readonly [number, number] | undefined): number {
  return padding === undefined ? 0 : padding[0] + padding[1];
}

/** Adds what the mirrored copies before and after got to what they are copies of, along one axis. */
function foldMirrored(
  dy: tf.Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  edge: number,
): tf.Tensor {
  const length = (dy.shape[axis] ?? 0) - before - after;
  let folded = slab(dy, axis, before, length);
  if (before > 0) {
    const mirrored = tf.reverse(slab(dy, axis, 0, before), axis);
    folded = tf.add(folded, padAxis(mirrored, axis, [edge, length - edge - before]));
  }
  if (after > 0) {
    const mirrored = tf.reverse(slab(dy, axis, before + length, after), axis);
    folded = tf.add(folded, padAxis(mirrored, axis, [length - edge - after, edge]));
  }
  return folded;
}

function slab(x: tf.Tensor, axis: number, start: number, length: number): tf.Tensor {
  const begin = x.shape.map((_, index) => (index === axis ? start : 0));
  return tf.slice(
    x,
    begin,
    x.shape.map((whole, index) => (index === axis ? length : whole)),
  );
}

function padAxis(x: tf.Tensor, axis: number, padding: readonly [number, number]): tf.Tensor {
  return tf.pad(
    x,
    x.shape.map((_, index): [number, number] => (index === axis ? [...padding] : [0, 0])),
  );
}
