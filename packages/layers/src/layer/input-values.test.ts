import { FeaturemapError, HostArray, InvalidConfigError, NotReadyError, ShapeError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  Add,
  BatchNormalization,
  Dense,
  Dropout,
  Input,
  Model,
  Ones,
  ReLU,
  Sequential,
  deserializeModel,
} from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

/** Sums the entries of each row. */
const summing = (): Dense => new Dense({ units: 1, kernelInitializer: new Ones() });
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];

function valuesOf(tensor: tf.Tensor): unknown {
  const values = tensor.arraySync();
  tensor.dispose();
  return values;
}

const kinds: readonly (readonly [string, () => tf.Tensor | HostArray | number[][]])[] = [
  ["nested lists", () => rows],
  ["a host array", () => HostArray.from(rows)],
  ["a host array of bytes", () => new HostArray(Uint8Array.from(rows.flat()), [2, 3])],
  ["a tensor", () => tf.tensor(rows)],
  ["a tensor of integers", () => tf.tensor(rows, [2, 3], "int32")],
];

describe.for(kinds)("values as %s", ([, make]) => {
  test.for([
    ["Model.predict", () => new Sequential([Input({ shape: [3] }), summing()])],
    ["Model.predict, its input not known before", () => new Sequential([summing()])],
  ] as const)("are taken by %s", ([, model]) => {
    const [network, values] = [model(), make()];
    expect(valuesOf(network.predict(values))).toEqual([[6], [15]]);
    expect(network.predictAll([values]).map(valuesOf)).toEqual([[[6], [15]]]);
    tf.dispose(values as tf.Tensor);
    network.dispose();
  });

  test("are taken by a layer, which makes its weights for them", () => {
    const [layer, values] = [summing(), make()];
    expect(valuesOf(layer.apply(values))).toEqual([[6], [15]]);
    expect(layer.weights.map(({ shape }) => shape)).toEqual([[3, 1], [1]]);
    tf.dispose(values as tf.Tensor);
    layer.dispose();
  });

  test("are taken by layers and models of several inputs", () => {
    const [a, b] = [make(), make()];
    expect(valuesOf(new Add().apply([a, b] as tf.Tensor[]))).toEqual(rows.map((row) => row.map((value) => 2 * value)));
    const ends = [Input({ shape: [3] }), Input({ shape: [3] })];
    const sum = new Add().apply(ends);
    const model = new Model({ inputs: ends, outputs: sum });
    const expected = rows.map((row) => row.map((value) => 2 * value));
    expect(valuesOf(model.predict([a, b] as tf.Tensor[]))).toEqual(expected);
    expect(valuesOf(model.apply([a, b] as tf.Tensor[]))).toEqual(expected);
    tf.dispose([a, b] as tf.Tensor[]);
  });
});

test("an output is the caller's alone, also where a layer passes its input on", () => {
  const input = tf.tensor(rows);
  const output = new Dropout({ rate: 0.5 }).apply(input);
  output.dispose();
  expect(input.arraySync()).toEqual(rows);
  input.dispose();
});

test("a layer trains on values only when told to", () => {
  const layer = new BatchNormalization({ momentum: 0 });
  const mean = (): unknown => layer.movingMean?.variable.arraySync();
  layer.apply([[2], [4]]).dispose();
  expect(mean()).toEqual([0]);
  layer.apply([[2], [4]], { training: true }).dispose();
  expect(mean()).toEqual([3]);
  layer.dispose();
});

test("training: false in a graph holds while the rest trains, also saved and loaded", () => {
  const base = new Sequential([Input({ shape: [1] }), new BatchNormalization({ momentum: 0 })], { name: "base" });
  const input = Input({ shape: [1] });
  const fixed = new Model({ inputs: input, outputs: new ReLU().apply(base.apply(input, { training: false })) });
  const copy = deserializeModel(JSON.parse(JSON.stringify(fixed.serialize())));
  const moving = new Model({ inputs: input, outputs: base.apply(input) });
  const means = (model: Model): unknown => {
    const data = tf.tensor([[2], [4]]);
    tf.tidy(() => void model.callAll([data], { training: true }));
    data.dispose();
    return [...model.namedWeights()].find(([path]) => path.endsWith("moving_mean"))?.[1].variable.arraySync();
  };
  expect([means(fixed), means(copy), means(moving)]).toEqual([[0], [0], [3]]);
  for (const model of [copy, fixed]) model.dispose();
});

describe("refused by name", () => {
  const model = new Sequential([Input({ shape: [3] }), new ReLU()], { name: "net" });

  test("a disposed tensor", () => {
    const gone = tf.zeros([1, 3]);
    gone.dispose();
    expect(() => model.predict(gone)).toThrow(/net: input must be a tensor of numbers, received "a disposed one"/);
  });

  test.for([undefined, null, 3, "x", {}, Number.NaN, new Float32Array(3), () => 1])("%s as the input", (value) => {
    expect(() => model.predict(value as never)).toThrow(InvalidConfigError);
    expect(() => new Dense({ units: 1 }).apply(value as never)).toThrow(FeaturemapError);
  });

  test.for([[[]], [[[1, 2], [3]]], [["a"]], [[[1, null, 3]]]])("%j as the input", ([value]) => {
    expect(() => model.predict(value as never)).toThrow(FeaturemapError);
  });

  test("a tensor of a graph where only values make sense", () => {
    expect(() => model.predict(Input({ shape: [3] }) as never)).toThrow(InvalidConfigError);
  });

  test("shapes that do not fit, and numbers of inputs", () => {
    expect(() => model.predict([[1, 2]])).toThrow(ShapeError);
    const input = tf.zeros([2, 3]);
    expect(() => model.predict([input, input])).toThrow(/net: inputs must be one tensor or array, received 2/);
    expect(() => new Dense({ units: 1 }).apply([input, Input({ shape: [3] })] as never)).toThrow(InvalidConfigError);
    input.dispose();
  });
});

test("without a device they all say how to open one", () => {
  const { engine } = tf as unknown as {
    engine: () => { registryFactory: Record<string, unknown>; backendInstance: unknown };
  };
  const { registryFactory, backendInstance } = engine();
  Object.assign(engine(), { registryFactory: {}, backendInstance: null });
  try {
    const model = new Sequential([Input({ shape: [3] }), summing()]);
    const remedy = "Call await openDevice() of @featuremap/devices first";
    for (const use of [
      () => model.predict(rows),
      () => model.predictAll([rows]),
      () => summing().apply(rows),
      () => model.weights[0]?.variable,
    ]) {
      expect(use).toThrow(NotReadyError);
      expect(use).toThrow(remedy);
    }
  } finally {
    Object.assign(engine(), { registryFactory, backendInstance });
  }
});
