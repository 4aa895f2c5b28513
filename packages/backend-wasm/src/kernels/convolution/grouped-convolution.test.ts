import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerWasmBackend } from "../../index.ts";
import { geometryOf } from "./convolution.ts";
import { suitsApart } from "./groups-apart.ts";

const random = new RandomStream(7);
const groups = 2;
const shapes = { x: [2, 9, 10, 32], filter: [3, 3, 16, 48], bias: [48] } as const;
const attrs = { strides: [1, 1] as [number, number], pad: "same" as const, dataFormat: "NHWC" as const, dilations: 1 };

let numTensors = 0;

function values(shape: readonly number[]): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal() / 4),
    [...shape],
  );
}

function run(name: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, inputs, { ...attrs, ...more });
}

/** The same kernel for each group by itself, joined. */
function byGroup(name: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor {
  const parts = Array.from({ length: groups }, (_, group) =>
    Object.fromEntries(
      Object.entries(inputs).map(([key, input]) => [key, tf.split(input, groups, input.rank - 1)[group] as tf.Tensor]),
    ),
  );
  return tf.concat(
    parts.map((part) => run(name, part, more)),
    3,
  );
}

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend("cpu");
  numTensors = tf.memory().numTensors;
});

afterAll(() => {
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.removeBackend("featuremap-wasm");
});

describe("groups that minimal filtering suits", () => {
  test("are convolved apart", () => {
    const geometry = geometryOf([...shapes.x], [3, 3, 32, 48], attrs, 1);
    expect(suitsApart(geometry, groups)).toBe(true);
    expect(suitsApart(geometry, 4)).toBe(false);
  });

  test.for(["linear", "relu", "sigmoid"])(
    "agree with the CPU backend, forward with %s and backward",
    async (activation) => {
      await tf.setBackend("cpu");
      const [x, filter, bias] = [values(shapes.x), values(shapes.filter), values(shapes.bias)];
      const dy = values([2, 9, 10, 48]);
      const inputShape = [2, 9, 10, 16];
      const filterShape = [3, 3, 16, 24];
      const expected = tf.tidy(() => [
        byGroup("FusedConv2D", { x, filter, bias }, { activation }),
        byGroup("Conv2DBackpropInput", { dy, filter }, { inputShape }),
        byGroup("Conv2DBackpropFilter", { x, dy }, { filterShape }),
      ]);
      await tf.setBackend("featuremap-wasm");
      const dilations = [1, 1];
      const actual = tf.tidy(() => [
        run("GroupedConv2D", { x, filter, bias }, { activation, groups, dilations }),
        run("GroupedConv2DBackpropInput", { dy, filter }, { groups, dilations, inputShape: [...shapes.x] }),
        run("GroupedConv2DBackpropFilter", { x, dy }, { groups, dilations, filterShape: [...shapes.filter] }),
      ]);
      for (const [index, tensor] of actual.entries()) {
        const wanted = expected[index] as tf.Tensor;
        expect(tensor.shape).toEqual(wanted.shape);
        const given = tensor.dataSync();
        const size = Math.max(...wanted.dataSync().map(Math.abs));
        const far = wanted
          .dataSync()
          .findIndex((value, at) => !(Math.abs(value - (given[at] ?? Number.NaN)) < 1e-5 * size));
        expect(far, `kernel ${index}: first element that differs`).toBe(-1);
      }
      tf.dispose([x, filter, bias, dy, expected, actual]);
    },
  );
});
