import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerWasmBackend } from "../../index.ts";
import { suitsWinograd } from "./winograd.ts";

type Padding = "same" | "valid" | [[0, 0], [number, number], [number, number], [0, 0]];

interface Case {
  /** Batch, height, width, channels. */
  readonly x: [number, number, number, number];
  readonly filters: number;
  readonly pad: Padding;
}

const cases: readonly Case[] = [
  { x: [12, 6, 6, 16], filters: 16, pad: "valid" },
  { x: [2, 13, 13, 20], filters: 24, pad: "valid" },
  { x: [3, 9, 14, 16], filters: 40, pad: "same" },
  { x: [1, 17, 22, 36], filters: 16, pad: "same" },
  { x: [30, 5, 5, 32], filters: 64, pad: "valid" },
  {
    x: [2, 7, 11, 64],
    filters: 72,
    pad: [
      [0, 0],
      [2, 1],
      [0, 2],
      [0, 0],
    ],
  },
  { x: [3, 8, 7, 260], filters: 16, pad: "same" },
];

let numTensors = 0;

async function on<T extends tf.TensorContainer>(backend: string, operation: () => T): Promise<T> {
  await tf.setBackend(backend);
  return operation();
}

/** Largest difference between two tensors, relative to the root mean square of the second. */
function difference(actual: tf.Tensor, expected: tf.Tensor): number {
  const given = Array.from(actual.dataSync<"float32">());
  const wanted = Array.from(expected.dataSync<"float32">());
  expect(actual.shape).toEqual(expected.shape);
  const size = Math.sqrt(wanted.reduce((sum, value) => sum + value * value, 0) / wanted.length);
  return (
    wanted.reduce((most, value, index) => Math.max(most, Math.abs((given[index] ?? Number.NaN) - value)), 0) / size
  );
}

function geometryOf({ x, filters, pad }: Case): tf.backend_util.Conv2DInfo {
  const explicit = Array.isArray(pad) ? (pad as tf.backend_util.ExplicitPadding) : pad;
  return tf.backend_util.computeConv2DInfo(x, [3, 3, x[3], filters], 1, 1, explicit);
}

describe.for([1, 2])("minimal filtering with %d thread(s)", (threads) => {
  const random = new RandomStream(5);
  const values = (shape: number[], scale = 1): tf.Tensor => {
    const size = tf.util.sizeFromShape(shape);
    return tf.tensor(
      Float32Array.from({ length: size }, () => scale * random.normal()),
      shape,
    );
  };

  beforeAll(async () => {
    await registerWasmBackend({ threads });
    await tf.setBackend("featuremap-wasm");
    numTensors = tf.memory().numTensors;
  });

  afterAll(() => {
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.removeBackend("featuremap-wasm");
  });

  test.for(cases)("agrees with the direct sums of the CPU backend: $x to $filters, $pad", async (each) => {
    const geometry = geometryOf(each);
    expect(suitsWinograd(geometry)).toBe(true);
    const filterShape = [3, 3, each.x[3], each.filters];
    const attrs = { strides: 1, dilations: 1, pad: each.pad, dataFormat: "NHWC", activation: "relu6" };
    const run = (name: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor | tf.Tensor[] =>
      tf.engine().runKernel(name, inputs, { ...attrs, ...more });
    await tf.setBackend("cpu");
    const [x, filter, bias, dy] = [
      values(each.x),
      values(filterShape, 0.1),
      values([each.filters]),
      values(geometry.outShape),
    ];
    const masked = tf.tidy(() => {
      const y = run("FusedConv2D", { x, filter, bias }, {}) as tf.Tensor;
      const passes = tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6));
      return { y: tf.keep(y), dy: tf.keep(tf.where(passes, dy, tf.zerosLike(dy))) };
    });
    const expected = [
      masked.y,
      run("Conv2DBackpropFilter", { x, dy: masked.dy }, { filterShape }) as tf.Tensor,
      tf.sum(masked.dy, [0, 1, 2]),
      run("Conv2DBackpropInput", { dy: masked.dy, filter }, { inputShape: each.x }) as tf.Tensor,
    ];
    const actual = await on("featuremap-wasm", () => [
      run("FusedConv2D", { x, filter, bias }, {}) as tf.Tensor,
      ...(run("FusedConv2DBackpropFilter", { x, dy, y: masked.y }, { filterShape }) as tf.Tensor[]),
      run("FusedConv2DBackpropInput", { dy, y: masked.y, filter }, { inputShape: each.x }) as tf.Tensor,
    ]);
    for (const [index, tensor] of actual.entries()) {
      expect(difference(tensor, expected[index] as tf.Tensor), `output ${index}`).toBeLessThan(2e-5);
    }
    tf.dispose([x, filter, bias, dy, masked, expected, actual]);
  });
});

test.for<[string, Partial<Case> & { readonly kernel?: number; readonly stride?: number; readonly dilation?: number }]>([
  ["strides", { stride: 2 }],
  ["dilation", { dilation: 2 }],
  ["other kernels", { kernel: 5 }],
  ["few channels", { x: [8, 16, 16, 3] }],
  ["filters that are no multiple of 8", { filters: 20 }],
  ["outputs that fill little of a tile", { x: [64, 3, 3, 32] }],
])("direct sums are kept for %s", ([, { x = [8, 16, 16, 32], filters = 32, kernel = 3, stride = 1, dilation = 1 }]) => {
  const filter: [number, number, number, number] = [kernel, kernel, x[3] as number, filters];
  expect(suitsWinograd(tf.backend_util.computeConv2DInfo(x as Case["x"], filter, stride, dilation, "valid"))).toBe(
    false,
  );
});
