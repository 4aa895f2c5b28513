import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import golden from "../fixtures/models/operations.json" with { type: "json" };
import {
  Activation,
  Add,
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
  deserializeModel,
  isAlwaysOne,
  outputMeaning,
} from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

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
    ["half a sum", () => new Sequential([heads(new Add(), dense("softmax"), dense("softmax")), new Rescaling(0.5)])],
    ["a sum of parts that make up a whole", () => heads(new Add(), part("softmax", 0.3), part("softmax", 0.7))],
    ["thirds", () => heads(new Add(), ...[1, 1, 1].map((third) => part("softmax", third / 3)))],
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
    ["half a sum of chances", () => heads(new Add(), part("sigmoid", 0.5), part("sigmoid", 0.5))],
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
    ["a sum of shares", () => heads(new Add(), dense("softmax"), dense("softmax"))],
    ["parts that make up less than a whole", () => heads(new Add(), part("softmax", 0.3), part("softmax", 0.6))],
    ["more than a whole less a part", () => heads(new Add(), part("softmax", 1.5), part("softmax", -0.5))],
    ["shares that were moved", () => stack(dense("softmax"), new Rescaling({ scale: 1, offset: 0.1 }))],
    ["half of a chance", () => stack(part("sigmoid", 0.5))],
    ["half a sum of shares and a chance", () => heads(new Add(), part("softmax", 0.5), part("sigmoid", 0.5))],
    ["shares that a sum stretches", () => heads(new Add(), part("softmax", 0.5), part("softmax", 0.5, 1))],
    ["doubled shares", () => stack(dense("softmax"), new Rescaling(2))],
    ["products of shares", () => heads(new Multiply(), dense("softmax"), dense("softmax"))],
    ["shares beside chances", () => heads(new Average(), dense("softmax"), dense("sigmoid"))],
    ["two heads of shares", () => heads(new Concatenate(), dense("softmax", 2), dense("softmax", 2))],
    ["the largest of maps of shares", () => pictures(maps("softmax"), new GlobalMaxPooling2D())],
    ["many pixels' shares in one row", () => pictures(maps("softmax"), new Flatten())],
    ["shares along the width", () => pictures(new Softmax({ axis: 2 }), new GlobalAveragePooling2D())],
    ["shares along one of two axes", () => stack(dense(null, 4), new Reshape([2, 2]), new Softmax(), new Flatten())],
    [
      "logarithms of shares along one of two axes",
      () => stack(dense(null, 4), new Reshape([2, 2]), new Activation("logSoftmax"), new Flatten()),
    ],
    ["shares over the batch", () => stack(dense(null), new Softmax({ axis: 0 }))],
    ["shares of one class over the batch", () => stack(dense(null, 1), new Softmax({ axis: 0 }))],
    ["scores times nothing", () => stack(dense("linear"), new Rescaling(0))],
    ["averages of features", () => pictures(maps("relu"), new GlobalAveragePooling2D())],
  ])("after %s", ([, build]) => {
    expect(outputMeaning(build())).toBe("unknown");
  });
});

test("operations of Keras between its layers are followed as layers are", () => {
  const ensemble = golden.find(({ name }) => name === "ensemble");
  const model = deserializeModel(JSON.parse(ensemble?.json ?? ""));
  const meanings = model.outputs.map((outputs) => outputMeaning(new Model({ inputs: model.inputs, outputs })));
  // Two halves, a quarter and three, three thirds; at last half of a sigmoid beside the shares.
  expect(meanings).toEqual(["probabilities", "probabilities", "probabilities", "unknown"]);
  model.dispose();
});

describe("one operation of Keras after a layer", () => {
  const after = (activation: string, operation: object, args: (tensor: object) => unknown[]): Model => {
    const input = Input({ shape: [3], name: "a" });
    const outputs = new Dense({ units: 3, activation: activation as "softmax", name: "d" }).apply(input);
    const frame = JSON.parse(JSON.stringify(new Model({ inputs: input, outputs, name: "m" }).serialize())) as {
      config: { layers: unknown[]; output_layers: unknown };
    };
    const tensor = { class_name: "__keras_tensor__", config: { keras_history: ["d", 0, 0] } };
    const inbound = [{ args: args(tensor), kwargs: {} }];
    frame.config.layers.push({
      module: "keras.src.ops.numpy",
      config: {},
      name: "o",
      inbound_nodes: inbound,
      ...operation,
    });
    return deserializeModel({ ...frame, config: { ...frame.config, output_layers: ["o", 0, 0] } });
  };
  const softmax = (axis: number): object => ({ class_name: "Softmax", config: { axis } });

  test.for<[string, string, object, (tensor: object) => unknown[], string]>([
    ["softmax of scores", "linear", softmax(-1), (t) => [t], "probabilities"],
    ["softmax over the batch", "linear", softmax(0), (t) => [t], "unknown"],
    ["sigmoid", "linear", { class_name: "Sigmoid" }, (t) => [t], "probabilities"],
    ["log softmax", "relu", { class_name: "LogSoftmax" }, (t) => [t], "logits"],
    ["a temperature", "linear", { class_name: "Divide" }, (t) => [t, 2], "logits"],
    ["moved scores", "linear", { class_name: "Add" }, (t) => [t, 2], "logits"],
    ["shares times 1", "softmax", { class_name: "Multiply" }, (t) => [1, t], "probabilities"],
    ["shares and themselves", "softmax", { class_name: "Add" }, (t) => [t, t], "unknown"],
    ["moved shares", "softmax", { class_name: "Add" }, (t) => [t, 0.5], "unknown"],
    ["halved shares", "softmax", { class_name: "Divide" }, (t) => [t, 2], "unknown"],
    ["a number by shares", "softmax", { class_name: "Divide" }, (t) => [1, t], "unknown"],
    ["shares by shares", "softmax", { class_name: "TrueDivide" }, (t) => [t, t], "unknown"],
    ["turned shares", "softmax", { class_name: "Multiply" }, (t) => [t, -1], "unknown"],
    ["less shares", "softmax", { class_name: "Subtract" }, (t) => [1, t], "unknown"],
    ["what nothing is known of", "linear", { class_name: "Relu" }, (t) => [t], "unknown"],
  ])("%s", ([, activation, operation, args, meaning]) => {
    const model = after(activation, operation, args);
    expect(outputMeaning(model)).toBe(meaning);
    model.dispose();
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

/** A head whose probabilities count only so much. */
function part(activation: "softmax" | "sigmoid", share: number, units = 3): Layer {
  return new Sequential([dense(activation, units), new Rescaling(share)]);
}

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

test.for([
  ["softmax over one unit", true, () => stack(dense("softmax", 1))],
  ["a layer that is a softmax over one unit", true, () => stack(dense("linear", 1), new Softmax())],
  [
    "a map of one filter, flattened",
    true,
    () => pictures(new Conv2D({ filters: 1, kernelSize: 4, activation: "softmax" }), new Flatten()),
  ],
  ["sigmoid", false, () => stack(dense("sigmoid", 1))],
  ["a linear unit", false, () => stack(dense("linear", 1))],
  ["softmax over two", false, () => stack(dense("softmax", 2))],
  ["a layer of the user's own", false, () => stack(new Head())],
] as const)("of %s, that it is always 1 is %s", ([, expected, make]) => {
  const model = make();
  expect(isAlwaysOne(model)).toBe(expected);
  model.dispose();
});
