import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { joiningGradients } from "./joining.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";

useBackend();
const unused = watchGradients(joiningGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

test.for([
  [0, [1, 3], [2, 3]],
  [1, [2, 3], [2, 1]],
  [-1, [2, 3], [2, 4]],
] as [number, number[], number[]][])("concat along %s has the slope that differences show", ([axis, a, b]) => {
  const f = (...inputs: tf.Tensor[]): tf.Tensor => tf.concat(inputs, axis);
  expect(gradientMismatches(f, [distinctValues(a), distinctValues(b)])).toEqual([]);
});

test.for([0, 1, 2, -1])("stack along %s has the slope that differences show", (axis) => {
  const f = (...inputs: tf.Tensor[]): tf.Tensor => tf.stack(inputs, axis);
  expect(gradientMismatches(f, [distinctValues([2, 3]), distinctValues([2, 3])])).toEqual([]);
});

describe("taking apart", () => {
  test.for([1, 2, 4, [1, 3]])("split into %j has the slope that differences show", (sizes) => {
    const f = (x: tf.Tensor): tf.Tensor => {
      const parts = tf.split(x, sizes, 1);
      return tf.add(tf.sum(tf.square(parts[0] as tf.Tensor)), tf.sum(parts.at(-1) as tf.Tensor));
    };
    expect(gradientMismatches(f, [distinctValues([2, 4])])).toEqual([]);
  });

  test.for([
    [0, [2, 3]],
    [1, [2, 3]],
    [0, [1, 3]],
  ] as [number, number[]][])("unstack along %s has the slope that differences show, for %j", ([axis, shape]) => {
    const f = (x: tf.Tensor): tf.Tensor => tf.square(tf.unstack(x, axis).at(-1) as tf.Tensor);
    expect(gradientMismatches(f, [distinctValues(shape)])).toEqual([]);
  });

  test.for([
    [
      [1, 0],
      [1, 2],
    ],
    [
      [0, 1],
      [-1, -1],
    ],
    [[1], [1]],
  ])("slice from %j has the slope that differences show", ([begin, size]) => {
    const f = (x: tf.Tensor): tf.Tensor => tf.slice(x, begin as number[], size);
    expect(gradientMismatches(f, [distinctValues([3, 4])])).toEqual([]);
  });
});

describe("padding", () => {
  test("pad has the slope that differences show", () => {
    const paddings: [number, number][] = [
      [1, 2],
      [0, 3],
    ];
    const f = (x: tf.Tensor): tf.Tensor => tf.pad(x, paddings, 5);
    expect(gradientMismatches(f, [distinctValues([2, 3])])).toEqual([]);
  });

  describe.for(["reflect", "symmetric"] as const)("mirrorPad %s", (mode) => {
    test.for([
      [
        [2, 1],
        [0, 3],
      ],
      [
        [0, 0],
        [3, 3],
      ],
      [
        [1, 2],
        [1, 0],
      ],
    ] as [number, number][][])("has the slope that differences show, for %j", (paddings) => {
      const f = (x: tf.Tensor): tf.Tensor => tf.mirrorPad(x, paddings, mode);
      expect(gradientMismatches(f, [distinctValues([3, 4])])).toEqual([]);
    });
  });
});
