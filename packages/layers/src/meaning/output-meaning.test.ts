import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import {
  Activation,
  Average,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv2D,
  Dense,
  type DenseConfig,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  GlobalMaxPooling2D,
  Input,
  type Layer,
  MaxPooling2D,
  Maximum,
  Model,
  Multiply,
  Permute,
  ReLU,
  Rescaling,
  Reshape,
  Sequential,
  Softmax,
  type SymbolicTensor,
  outputMeaning,
} from "../index.ts";
import { useCpuBackend } from "../testing/cpu-backend.ts";

useCpuBackend();

const inputShape = [4, 4, 2] as const;
const dense = (activation: DenseConfig["activation"], units = 3): Layer => new Dense({ units, activation });
const maps = (activation: "softmax" | "sigmoid" | "linear" | "relu", filters = 3): Conv2D =>
  new Conv2D({ filters, kernelSize: 2, activation });

/** A model of one row of features, and then these layers. */
function stack(...layers: readonly Layer[]): Model {
  return new Sequential([new Flatten({ inputShape }), ...layers], { seed: 5 });
}

function pictures(...layers: readonly Layer[]): Model {
  return new Sequential([Input({ shape: inputShape }), ...layers], { seed: 5 });
}

/** A model that puts several heads on one picture together. */
function heads(join: Layer, ...ends: readonly Layer[]): Model {
  const input = Input({ shape: inputShape });
  const row = new Flatten().apply(input);
  return new Model({ inputs: input, outputs: join.apply(ends.map((end) => end.apply(row))), seed: 5 });
}

class Head extends Dense {
  constructor() {
    super({ units: 3, activation: "softmax" });
  }

  describe(): string {
    return "a head";
  }
}

class Doubling extends Dense {
  override call(input: tf.Tensor): tf.Tensor {
    return tf.mul(super.call(input), 2);
  }
}

class Backwards extends Sequential {
  override call(input: tf.Tensor): tf.Tensor {
    return tf.neg(input);
  }
}

function sqrt(input: tf.Tensor): tf.Tensor {
  return tf.sqrt(input);
}

describe("outputs that are shares of the classes", () => {
  test.for<[string, () => Model]>([
    ["softmax in the last layer", () => stack(dense("softmax"))],
    ["a layer Softmax", () => stack(dense("linear"), new Softmax())],
    ["a layer Activation", () => stack(dense("linear"), new Activation("softmax"))],
    ["sparsemax", () => stack(dense("linear"), new Activation("sparsemax"))],
    [
      "a layer that passes values on",
      () => stack(dense("softmax"), new Dropout({ rate: 0.5 }), new Activation("linear")),
    ],
    ["Softmax around a whole model", () => new Sequential([stack(dense("linear")), new Softmax()])],
    ["models in models", () => new Sequential([new Sequential([stack(dense("softmax")), new Dropout({ rate: 0.1 })])])],
    ["Softmax in another shape", () => stack(dense("linear"), new Reshape([1, 3]), new Softmax(), new Flatten())],
    [
      "Softmax along the first of two axes",
      () => stack(dense(null), new Reshape([3, 1]), new Softmax({ axis: 1 }), new Flatten()),
    ],
    [
      "Softmax over two axes",
      () => stack(dense(null, 4), new Reshape([2, 2]), new Softmax({ axis: [1, 2] }), new Flatten()),
    ],
    ["reordered shares", () => stack(dense("softmax"), new Reshape([3, 1]), new Permute([2, 1]), new Flatten())],
    ["the mean of an ensemble", () => heads(new Average(), stack2("softmax"), dense("softmax"), new Head())],
    ["maps of shares, averaged", () => pictures(maps("softmax"), new GlobalAveragePooling2D())],
    [
      "maps averaged in steps",
      () =>
        pictures(
          maps("softmax"),
          new AveragePooling2D({ poolSize: 2 }),
          new GlobalAveragePooling2D({ keepDims: true }),
          new Flatten(),
        ),
    ],
    [
      "a softmax map of one pixel",
      () => pictures(new Conv2D({ filters: 3, kernelSize: 4, activation: "softmax" }), new Flatten()),
    ],
    ["a class of one's own that only presets options", () => stack(new Head())],
    ["a single softmax, which is always 1", () => stack(dense("softmax", 1))],
  ])("after %s", ([, build]) => {
    const model = build();
    expect(outputMeaning(model)).toBe("probabilities");
    for (const row of predictRows(model)) {
      expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
    model.dispose();
  });
});

describe("outputs that are chances, each by itself", () => {
  test.for<[string, () => Model]>([
    ["sigmoid", () => stack(dense("sigmoid"))],
    ["hard sigmoid of one output", () => stack(dense("linear", 1), new Activation("hardSigmoid"))],
    ["the largest of a map of chances", () => pictures(maps("sigmoid"), new MaxPooling2D(), new GlobalMaxPooling2D())],
    ["chances of several heads", () => heads(new Concatenate(), dense("sigmoid", 1), dense("sigmoid", 2))],
    ["the larger of two chances", () => heads(new Maximum(), dense("sigmoid"), dense("sigmoid"))],
  ])("after %s", ([, build]) => {
    const model = build();
    expect(outputMeaning(model)).toBe("probabilities");
    expect(
      predictRows(model)
        .flat()
        .every((value) => value >= 0 && value <= 1),
    ).toBe(true);
    model.dispose();
  });
});

describe("outputs that are scores", () => {
  test.for<[string, () => Model]>([
    ["a linear layer", () => stack(dense("linear"))],
    ["no activation", () => stack(dense(undefined, 1))],
    ["the logarithm of softmax", () => stack(dense("softmax"), dense("logSoftmax"))],
    ["linear maps, averaged", () => pictures(maps("linear"), new GlobalAveragePooling2D())],
    ["a temperature and a normalisation", () => stack(dense("linear"), new Rescaling(0.5), new BatchNormalization())],
    ["the mean of several heads", () => heads(new Average(), dense("linear"), dense("linear"))],
    ["heads for some classes each", () => heads(new Concatenate(), dense("linear", 1), dense("linear", 2))],
  ])("after %s", ([, build]) => {
    expect(outputMeaning(build())).toBe("logits");
  });
});

describe("outputs of which the graph does not say", () => {
  test.for<[string, () => Model]>([
    ["nothing but another shape", () => stack()],
    ["relu", () => stack(dense("relu"))],
    ["a layer ReLU", () => stack(dense("linear"), new ReLU())],
    ["tanh", () => stack(dense("tanh"))],
    ["a function of the user's own, whatever its name", () => stack(dense(sqrt), new Activation(sqrt))],
    ["a class of the user's own", () => stack(new Doubling({ units: 3, activation: "softmax" }))],
    [
      "a model of the user's own",
      () => new Sequential([Input({ shape: inputShape }), new Flatten(), new Backwards([dense("softmax")])]),
    ],
    ["doubled shares", () => stack(dense("softmax"), new Rescaling(2))],
    ["products of shares", () => heads(new Multiply(), dense("softmax"), dense("softmax"))],
    ["shares beside chances", () => heads(new Average(), dense("softmax"), dense("sigmoid"))],
    ["two heads of shares", () => heads(new Concatenate(), dense("softmax", 2), dense("softmax", 2))],
    ["the largest of maps of shares", () => pictures(maps("softmax"), new GlobalMaxPooling2D())],
    ["many pixels' shares in one row", () => pictures(maps("softmax"), new Flatten())],
    ["shares along the width", () => pictures(new Softmax({ axis: 2 }), new GlobalAveragePooling2D())],
    ["shares along one of two axes", () => stack(dense(null, 4), new Reshape([2, 2]), new Softmax(), new Flatten())],
    ["averages of features", () => pictures(maps("relu"), new GlobalAveragePooling2D())],
  ])("after %s", ([, build]) => {
    expect(outputMeaning(build())).toBe("unknown");
  });
});

test("a model that is used twice on each of ten levels is read once a level", () => {
  const first: SymbolicTensor = Input({ shape: [3] });
  let model = new Model({ inputs: first, outputs: new Softmax().apply(first) });
  for (let level = 0; level < 10; level++) {
    const input = Input({ shape: [3] });
    const outputs = new Average().apply([model.apply(input), model.apply(input)]);
    model = new Model({ inputs: input, outputs });
  }
  const reads = vi.spyOn(Model.prototype, "graph", "get");
  expect(outputMeaning(model)).toBe("probabilities");
  expect(reads.mock.calls.length).toBeLessThan(100);
  reads.mockRestore();
});

test.for([undefined, null, 3, {}, "model"])("refuses %s", (value) => {
  expect(() => outputMeaning(value as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
});

function stack2(activation: "softmax"): Model {
  return new Sequential([dense("relu", 5), dense(activation)]);
}

function predictRows(model: Model): number[][] {
  const input = tf.randomNormal([3, ...inputShape], 0, 3, "float32", 11);
  const output = model.predict(input);
  const rows = output.arraySync() as number[][];
  tf.dispose([input, output]);
  return rows;
}
