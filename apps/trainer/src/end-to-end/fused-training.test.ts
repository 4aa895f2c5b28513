import { openDevice } from "@featuremap/devices";
import {
  AveragePooling2D,
  BatchNormalization,
  GlobalMaxPooling2D,
  LayerNormalization,
  type Layer,
  MaxPooling2D,
  registerGradients,
} from "@featuremap/layers";
import { RandomStream } from "@featuremap/tensor";
import { CategoricalCrossentropy, SparseCategoricalCrossentropy } from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A computation to be trained: its value and gradients, and what kernels it ran. */
interface Trained {
  readonly kernels: readonly string[];
  readonly results: readonly number[][];
}

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

interface Case {
  readonly operation: () => Operation;
  readonly inputs: () => tf.Tensor[];
}

/** Layers of the computation under way. */
const layers: Layer[] = [];

/** Value and gradients of `sum(operation(inputs) * weights)`, on the device in use. */
async function train({ operation, inputs: make }: Case): Promise<Trained> {
  const before = tf.memory().numTensors;
  const results: number[][] = [];
  const inputs = make();
  const compute = operation();
  const { kernelNames, result } = await tf.profile(() =>
    tf.tidy(() => {
      const value = compute(...inputs);
      const dy = random(value.shape, 99);
      const { value: again, grads } = tf.valueAndGrads((...given) => tf.sum(tf.mul(compute(...given), dy)))([
        ...inputs,
      ]);
      for (const tensor of [value, again, ...grads]) results.push(Array.from(tensor.dataSync()));
      return tf.scalar(0);
    }),
  );
  tf.dispose([...inputs, result]);
  for (const layer of layers.splice(0)) layer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { kernels: kernelNames, results };
}

function random(shape: readonly number[], seed: number): tf.Tensor {
  const stream = new RandomStream(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => stream.normal()),
    [...shape],
  );
}

/** Whole numbers, so that many are equal. */
function ties(shape: readonly number[], seed: number): tf.Tensor {
  return tf.tidy(() => tf.round(tf.mul(random(shape, seed), 2)));
}

function layerCase(make: () => Layer, input: () => tf.Tensor): Case {
  return {
    operation: () => {
      const layer = make();
      layers.push(layer);
      return (x) => {
        if (!layer.built) layer.build(x.shape);
        return layer.call(x, { training: true });
      };
    },
    inputs: () => [input()],
  };
}

const classes = [2, 0, 4, 1, 1, 3, 0];
const sparse = new SparseCategoricalCrossentropy({ fromLogits: true });
const dense = new CategoricalCrossentropy({ fromLogits: true });

const cases = [
  {
    name: "maximum pooling by two",
    kernels: ["MaxPoolWithChoice", "MaxPoolWithChoiceGrad"],
    ...layerCase(
      () => new MaxPooling2D(),
      () => ties([3, 7, 6, 8], 1),
    ),
  },
  {
    name: "overlapping maximum pooling",
    kernels: ["MaxPoolWithChoice", "MaxPoolWithChoiceGrad"],
    ...layerCase(
      () => new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }),
      () => ties([2, 7, 6, 5], 2),
    ),
  },
  {
    name: "maximum pooling whose windows one byte cannot number",
    kernels: ["MaxPool", "MaxPoolGrad"],
    ...layerCase(
      () => new MaxPooling2D({ poolSize: 17, strides: 1 }),
      () => random([1, 18, 19, 2], 3),
    ),
  },
  {
    name: "average pooling by two",
    kernels: ["AvgPool", "AvgPoolGrad"],
    ...layerCase(
      () => new AveragePooling2D({ poolSize: 2 }),
      () => random([2, 5, 6, 4], 4),
    ),
  },
  {
    name: "global maximum pooling",
    kernels: ["Max"],
    ...layerCase(
      () => new GlobalMaxPooling2D(),
      () => ties([2, 5, 6, 4], 5),
    ),
  },
  {
    name: "batch normalization",
    kernels: ["ChannelMoments", "FusedBatchNorm", "FusedBatchNormGrad"],
    ...layerCase(
      () => new BatchNormalization(),
      () => random([3, 5, 7, 3], 6),
    ),
  },
  {
    name: "batch normalization, channels first and unscaled",
    kernels: ["ChannelMoments", "FusedBatchNorm", "FusedBatchNormGrad"],
    ...layerCase(
      () => new BatchNormalization({ axis: 1, scale: false, center: false }),
      () => random([3, 5, 7, 3], 7),
    ),
  },
  {
    name: "layer normalization",
    kernels: ["LayerNorm", "LayerNormGrad"],
    ...layerCase(
      () => new LayerNormalization(),
      () => random([3, 5, 7], 8),
    ),
  },
  {
    name: "layer normalization over several axes, unscaled",
    kernels: ["LayerNorm", "LayerNormGrad"],
    ...layerCase(
      () => new LayerNormalization({ axis: [1, 2, 3], scale: false, center: false }),
      () => random([2, 3, 4, 5], 9),
    ),
  },
  {
    name: "layer normalization over an axis between",
    kernels: ["Mean", "Rsqrt"],
    ...layerCase(
      () => new LayerNormalization({ axis: 1 }),
      () => random([3, 5, 7], 10),
    ),
  },
  {
    name: "cross-entropy of class indices",
    kernels: ["SparseSoftmaxCrossentropy"],
    operation: (): Operation => (logits) => sparse.call(tf.tensor1d(classes, "int32"), logits),
    inputs: () => [random([7, 5], 11)],
  },
  {
    name: "cross-entropy of one-hot labels",
    kernels: ["SoftmaxCrossentropy"],
    operation: (): Operation => (logits) => dense.call(tf.oneHot(tf.tensor1d(classes, "int32"), 5), logits),
    inputs: () => [random([7, 5], 12)],
  },
];

const expected = new Map<string, Trained>();

beforeAll(async () => {
  registerGradients();
  const device = await openDevice("cpu");
  for (const each of cases) expected.set(each.name, await train(each));
  await device.dispose();
});

describe.for([1, 2])("the kernels made for training, on %d thread(s)", (threads) => {
  let device: Awaited<ReturnType<typeof openDevice>> | undefined;

  beforeAll(async () => {
    device = await openDevice("wasm", { threads });
  });
  afterAll(async () => {
    await device?.dispose();
  });

  test.for(cases.map((entry) => [entry.name, entry] as const))(
    "compute what their parts do: %s",
    async ([name, each]) => {
      const actual = await train(each);
      expect(actual.kernels).toEqual(expect.arrayContaining([...each.kernels]));
      const wanted = expected.get(name)?.results ?? [];
      expect(actual.results.length).toBe(wanted.length);
      for (const [index, values] of wanted.entries()) {
        const scale = Math.max(1, ...values.map((value) => Math.abs(value)));
        const errors = values.map((value, at) => Math.abs(value - (actual.results[index]?.[at] ?? Number.NaN)));
        expect(Math.max(...errors) / scale).toBeLessThan(5e-6);
      }
    },
  );
});

test.for([
  ["batch normalization", () => new BatchNormalization(), [16, 21, 20, 12]],
  ["layer normalization", () => new LayerNormalization(), [700, 60]],
  ["maximum pooling", () => new MaxPooling2D({ poolSize: 3, strides: 1 }), [16, 21, 20, 12]],
] as const)("%s gives the same bits on one thread and on two", async ([, make, shape]) => {
  const results: (readonly number[][])[] = [];
  for (const threads of [1, 2]) {
    const device = await openDevice("wasm", { threads });
    results.push((await train(layerCase(make, () => random(shape, 20)))).results);
    await device.dispose();
  }
  expect(results[1]).toEqual(results[0]);
});
