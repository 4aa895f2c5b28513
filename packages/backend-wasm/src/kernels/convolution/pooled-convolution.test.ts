import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerWasmBackend } from "../../index.ts";

interface Case {
  /** Batch, height, width, channels. */
  readonly x: [number, number, number, number];
  readonly filters: number;
  readonly pad: "same" | "valid";
  readonly activation: "linear" | "relu" | "relu6";
  readonly kernel?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly bias?: false;
}

const cases: readonly Case[] = [
  // By minimal filtering.
  { x: [12, 6, 6, 16], filters: 16, pad: "valid", activation: "relu" },
  { x: [2, 13, 13, 20], filters: 24, pad: "valid", activation: "relu6" },
  { x: [3, 9, 14, 16], filters: 40, pad: "same", activation: "linear" },
  { x: [1, 17, 22, 36], filters: 16, pad: "same", activation: "relu" },
  { x: [5, 13, 11, 64], filters: 136, pad: "valid", activation: "relu" },
  { x: [3, 8, 7, 260], filters: 16, pad: "same", activation: "relu", bias: false },
  // Over one channel.
  { x: [3, 28, 28, 1], filters: 32, pad: "valid", activation: "relu" },
  { x: [2, 9, 7, 1], filters: 4, pad: "same", activation: "relu6" },
  { x: [1, 4, 4, 1], filters: 8, pad: "valid", activation: "linear", bias: false },
  // Step by step.
  { x: [2, 9, 10, 3], filters: 5, pad: "same", activation: "relu", kernel: 5 },
  { x: [2, 9, 10, 4], filters: 8, pad: "valid", activation: "relu6", stride: 2 },
  { x: [1, 12, 12, 16], filters: 16, pad: "same", activation: "linear", dilation: 2 },
];

let numTensors = 0;

function expectClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  expect(actual.shape).toEqual(expected.shape);
  const [given, wanted] = [actual, expected].map((tensor) => Array.from(tensor.dataSync<"float32">()));
  const size = Math.sqrt((wanted ?? []).reduce((sum, value) => sum + value * value, 0) / (wanted?.length ?? 1));
  const far = (wanted ?? []).findIndex(
    (value, index) => !(Math.abs((given?.[index] ?? Number.NaN) - value) <= 1e-5 * size),
  );
  expect(far, `${what}: first element that differs`).toBe(-1);
}

describe.for([1, 2])("pooled convolution with %d thread(s)", (threads) => {
  const random = new RandomStream(5);
  const values = (shape: number[], scale = 1): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * random.normal()),
      shape,
    );

  beforeAll(async () => {
    await registerWasmBackend({ threads });
    await tf.setBackend("featuremap-wasm");
    numTensors = tf.memory().numTensors;
  });

  afterAll(() => {
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.removeBackend("featuremap-wasm");
  });

  test.for(cases)("equals its steps: $x to $filters, $pad, $activation", (each) => {
    const { x: shape, filters, pad, activation, kernel = 3, stride = 1, dilation = 1 } = each;
    const filterShape = [kernel, kernel, shape[3], filters];
    const attrs = { strides: stride, dilations: dilation, pad, dataFormat: "NHWC", activation };
    const window = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
    const run = (name: string, inputs: tf.NamedTensorMap, more: object = {}): tf.Tensor[] => {
      const outputs = tf.engine().runKernel(name, inputs, { ...attrs, ...more });
      return Array.isArray(outputs) ? outputs : [outputs];
    };
    tf.tidy(() => {
      const x = values(shape);
      const filter = values(filterShape, 0.3);
      const convolved = { x, filter, ...(each.bias !== false && { bias: values([filters]) }) };
      const [map] = run("FusedConv2D", convolved) as [tf.Tensor];
      const [largest, chosen] = run("MaxPoolWithChoice", { x: map }, window) as [tf.Tensor, tf.Tensor];
      const [y, choice] = run("FusedConv2DMaxPool", convolved, { notes: true }) as [tf.Tensor, tf.Tensor];
      expect(y.dataSync()).toEqual(largest.dataSync());
      expect(choice.dataSync()).toEqual(chosen.dataSync());
      const alone = run("FusedConv2DMaxPool", convolved, { notes: false });
      expect(alone.map((tensor) => tensor.dataSync())).toEqual([largest.dataSync()]);

      const dy = values(y.shape);
      const inputShape = map.shape;
      const [dMap] = run("MaxPoolWithChoiceGrad", { dy, choice: chosen }, { ...window, inputShape }) as [tf.Tensor];
      const towardsWeights = run("FusedConv2DBackpropFilter", { x, dy: dMap, y: map }, { filterShape });
      const towardsInput = run("FusedConv2DBackpropInput", { dy: dMap, y: map, filter }, { inputShape: shape });
      const gradients = [
        ...run("FusedConv2DMaxPoolBackpropFilter", { x, dy, y, choice }, { filterShape, notes: true }),
        ...run("FusedConv2DMaxPoolBackpropInput", { dy, y, choice, filter }, { inputShape: shape, notes: true }),
      ];
      for (const [index, expected] of [...towardsWeights, ...towardsInput].entries()) {
        expectClose(gradients[index] as tf.Tensor, expected, ["filter", "bias", "input"][index] ?? "");
      }
    });
  });

  test("counts no NaN, as pooling does", () => {
    tf.tidy(() => {
      const image = new Float32Array(36).fill(1);
      image[14] = Number.NaN;
      const x = tf.tensor(image, [1, 6, 6, 1]);
      const filter = tf.ones([3, 3, 1, 4]);
      const attrs = { strides: 1, dilations: 1, pad: "valid", dataFormat: "NHWC", activation: "relu", notes: false };
      const [y] = tf.engine().runKernel<tf.Tensor[]>("FusedConv2DMaxPool", { x, filter }, attrs) as [tf.Tensor];
      const map = tf.relu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "valid"));
      expect(y.dataSync()).toEqual(tf.maxPool(map, 2, 2, "valid").dataSync());
    });
  });
});
