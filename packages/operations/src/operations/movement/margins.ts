import * as tf from "@tensorflow/tfjs-core";

/** Elements at the start and at the end of an axis. */
type Ends = readonly [number, number];

/** Zeros at the ends of each axis. */
export function padEnds(input: tf.Tensor, margins: readonly Ends[]): tf.Tensor {
  return byFewAxes(input, margins, (part, ends) =>
    tf.pad(
      part,
      ends.map(([start, end]): [number, number] => [start, end]),
    ),
  );
}

/** Takes elements away at the ends of each axis. */
export function cropEnds(input: tf.Tensor, margins: readonly Ends[]): tf.Tensor {
  return byFewAxes(input, margins, (part, ends) => {
    const size = part.shape.map((length, axis) => length - (ends[axis]?.[0] ?? 0) - (ends[axis]?.[1] ?? 0));
    return tf.slice(
      part,
      ends.map(([start]) => start),
      size,
    );
  });
}

/** Five axes in two steps: TensorFlow.js's WebGPU backend cannot pad so many, also not as the gradient of a slice. */
function byFewAxes(
  input: tf.Tensor,
  margins: readonly Ends[],
  change: (part: tf.Tensor, ends: readonly Ends[]) => tf.Tensor,
): tf.Tensor {
  if (input.rank < 5) return change(input, margins);
  const [first = 1, second = 1, third = 1, ...last] = input.shape;
  const inner = last.reduce((product, length) => product * length, 1);
  const outerChanged = change(tf.reshape(input, [first, second, third, inner]), [...margins.slice(0, 3), [0, 0]]);
  const outer = outerChanged.shape.slice(0, 3);
  const changed = change(tf.reshape(outerChanged, [-1, ...last]), [[0, 0], ...margins.slice(3)]);
  return tf.reshape(changed, [...outer, ...changed.shape.slice(1)]);
}
