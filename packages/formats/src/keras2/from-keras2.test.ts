import { deserializeModel } from "@featuremap/layers";
import { FeaturemapError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromKeras2 } from "./from-keras2.ts";
import { isKeras2 } from "./is-keras2.ts";

useBackend();

type Layer = Readonly<Record<string, unknown>>;

const input = (name = "input_1", shape: readonly (number | null)[] = [null, 3]): Layer => ({
  name,
  class_name: "InputLayer",
  config: { batch_input_shape: shape, dtype: "float32", sparse: false, name },
  inbound_nodes: [],
});

const layer = (className: string, name: string, nodes: readonly unknown[], config: Layer = {}): Layer => ({
  class_name: className,
  name,
  config: { name, trainable: true, dtype: "float32", ...config },
  inbound_nodes: nodes,
});

const graph = (layers: readonly Layer[], outputs: unknown, inputs: unknown = [["input_1", 0, 0]]): Layer => ({
  class_name: "Model",
  config: { name: "model_1", layers, input_layers: inputs, output_layers: outputs },
});

/** What the model gives for `[1, 2, -3]`, or for its other input. */
function outputOf(config: unknown, values: unknown = [[1, 2, -3]]): number[] {
  const model = deserializeModel(fromKeras2(config, "model.h5"));
  const output = model.predict(values as number[][]);
  const data = [...output.dataSync()];
  output.dispose();
  model.dispose();
  return data;
}

const reading = (config: unknown) => () => fromKeras2(config, "model.h5");

describe("fromKeras2", () => {
  test("takes a Sequential that is a list, whose first layer tells the input", () => {
    const dense = {
      units: 2,
      batch_input_shape: [null, 3],
      kernel_initializer: "ones",
      activation: "relu",
      name: "fc",
    };
    const config = { class_name: "Sequential", config: [{ class_name: "Dense", config: dense }] };
    expect(outputOf(config, [[1, 2, 3]])).toEqual([6, 6]);
    expect(fromKeras2(config, "model.h5")).toMatchObject({
      class_name: "Sequential",
      config: { layers: [{ class_name: "InputLayer", config: { name: "fc_input", batch_shape: [null, 3] } }, {}] },
    });
  });

  test("says initializers, regularizers and constraints as Keras 3 does", () => {
    const config = {
      name: "fc",
      kernel_initializer: {
        class_name: "VarianceScaling",
        config: { scale: 2, mode: "fan_in", distribution: "normal", seed: null, dtype: "float32" },
      },
      bias_initializer: { class_name: "ZerosV2", config: {} },
      kernel_regularizer: { class_name: "L1L2", config: { l1: 0, l2: 0.5 } },
      bias_constraint: { class_name: "Custom>Odd", config: { by: 1 } },
    };
    const [read] = layersOf([layer("Dense", "fc", [[["input_1", 0, 0, {}]]], { units: 1, ...config })]);
    expect(read?.config).toMatchObject({
      kernel_initializer: {
        module: "keras.initializers",
        class_name: "VarianceScaling",
        config: { scale: 2, mode: "fan_in", distribution: "truncated_normal", seed: null },
        registered_name: null,
      },
      bias_initializer: { module: "keras.initializers", class_name: "Zeros" },
      kernel_regularizer: { module: "keras.regularizers", class_name: "L1L2" },
      bias_constraint: { module: null, class_name: "Odd", registered_name: "Custom>Odd" },
    });
  });

  function layersOf(layers: readonly Layer[]): { config: Layer }[] {
    const read = fromKeras2(graph([input(), ...layers], [[layers[0]?.["name"], 0, 0]]), "model.h5");
    return (read["config"] as { layers: { config: Layer }[] }).layers.slice(1);
  }

  test("leaves out what changes nothing, and lets the model refuse the rest", () => {
    const normalization = layer("BatchNormalizationV1", "bn", [[["input_1", 0, 0, {}]]], {
      axis: [1],
      fused: true,
      virtual_batch_size: null,
    });
    const config = graph([input(), normalization], [["bn", 0, 0]]);
    expect(outputOf(config).map((value) => Math.round(value))).toEqual([1, 2, -3]);
    const virtual = layer("BatchNormalization", "bn", [[["input_1", 0, 0, {}]]], { virtual_batch_size: 2 });
    expect(() => outputOf(graph([input(), virtual], [["bn", 0, 0]]))).toThrow("virtual_batch_size");
  });

  test("shares layers and nests models, whose uses Keras 2 counts from 1", () => {
    const double = { units: 3, kernel_initializer: { class_name: "Identity", config: { gain: 2 } } };
    const inner = graph([input(), layer("Dense", "double", [[["input_1", 0, 0]]], double)], [["double", 0, 0]]);
    const nested = layer(
      "Model",
      "nested",
      [[["input_1", 0, 0, {}]], [["nested", 1, 0, {}]]],
      inner["config"] as Layer,
    );
    const sum = layer("Add", "sum", [
      [
        ["nested", 1, 0, {}],
        ["nested", 2, 0, {}],
      ],
    ]);
    expect(outputOf(graph([input(), nested, sum], [["sum", 0, 0]]))).toEqual([6, 12, -18]);
    expect(outputOf(graph([input(), nested], [["nested", 2, 0]]))).toEqual([4, 8, -12]);
    const stack = { class_name: "Sequential", layers: [{ class_name: "Dense", config: { ...double, name: "d" } }] };
    const deferred = layer("Sequential", "stack", [[["input_1", 0, 0, {}]]], stack);
    const known = layer("Sequential", "stack", [[["input_1", 0, 0, {}]]], {
      layers: [{ class_name: "Dense", config: { ...double, name: "d", batch_input_shape: [null, 3] } }],
    });
    const relu = (node: number): Layer => layer("ReLU", "relu", [[["stack", node, 0, {}]]]);
    expect(outputOf(graph([input(), deferred, relu(0)], [["relu", 0, 0]]))).toEqual([2, 4, 0]);
    expect(outputOf(graph([input(), known, relu(1)], [["relu", 0, 0]]))).toEqual([2, 4, 0]);
  });

  test("computes hard_sigmoid as Keras 2 did, in layers and by itself", () => {
    const expected = [0.7, 0.9, 0].map((value) => expect.closeTo(value, 6) as number);
    const alone = layer("Activation", "act", [[["input_1", 0, 0, {}]]], { activation: "hard_sigmoid" });
    expect(outputOf(graph([input(), alone], [["act", 0, 0]]))).toEqual(expected);
    const within = layer("Dense", "fc", [[["input_1", 0, 0, {}]]], {
      units: 3,
      kernel_initializer: "identity",
      activation: "hard_sigmoid",
    });
    const after = layer("ReLU", "relu", [[["fc", 0, 0, {}]]]);
    expect(outputOf(graph([input(), within, after], [["relu", 0, 0]]))).toEqual(expected);
    const stack = {
      class_name: "Sequential",
      config: [{ ...within, config: { ...(within["config"] as Layer), batch_input_shape: [null, 3] } }],
    };
    expect(outputOf(stack)).toEqual(expected);
  });

  test("makes a layer of an activation that is one, and functions by name", () => {
    const leaky = { class_name: "LeakyReLU", config: { name: "leaky", alpha: 0.5 } };
    const within = layer("Dense", "fc", [[["input_1", 0, 0, {}]]], {
      units: 3,
      kernel_initializer: "identity",
      activation: leaky,
    });
    expect(outputOf(graph([input(), within], [["fc", 0, 0]]))).toEqual([1, 2, -1.5]);
    const named = layer("Activation", "act", [[["input_1", 0, 0, {}]]], {
      activation: { class_name: "function", config: "relu6", registered_name: "relu6" },
    });
    expect(outputOf(graph([input(), named], [["act", 0, 0]]))).toEqual([1, 2, 0]);
  });

  const call = (name: string, fn: string, from: unknown, keywords: Layer = {}): Layer =>
    layer("TFOpLambda", name, [typeof from === "string" ? [from, 0, 0, { name: null, ...keywords }] : from], {
      function: fn,
    });

  test("makes operations of TensorFlow's functions", () => {
    const layers = [
      input(),
      call("plus", "__operators__.add", "input_1", { y: 3 }),
      call("six", "nn.relu6", "plus"),
      call("times", "math.multiply", "input_1", { y: ["six", 0, 0] }),
      call("rest", "math.subtract", ["_CONSTANT_VALUE", -1, 10, { y: ["times", 0, 0] }]),
      call("array", "math.truediv", "rest", { y: [[2, 4, 1]] }),
      call("both", "concat", [
        ["array", 0, 0, { axis: -1 }],
        ["six", 0, 0, { axis: -1 }],
      ]),
      call("mean", "math.reduce_mean", "both", { axis: 1, keepdims: true }),
      call("cast", "cast", "mean", { dtype: "float32" }),
    ];
    // (10 - [4, 10, 0]) / [2, 4, 1] = [3, 0, 10], and [4, 5, 0].
    expect(outputOf(graph(layers, [["both", 0, 0]]))).toEqual([3, 0, 10, 4, 5, 0]);
    expect(outputOf(graph(layers, [["cast", 0, 0]]))[0]).toBeCloseTo(22 / 6, 6);
  });

  test("makes operations of slices", () => {
    const flip = layer("SlicingOpLambda", "flip", [
      ["input_1", 0, 0, { slice_spec: [{ class_name: "__ellipsis__" }, { start: null, stop: null, step: -1 }] }],
    ]);
    expect(outputOf(graph([input(), flip], [["flip", 0, 0]]))).toEqual([-3, 2, 1]);
  });

  test("makes operations of nodes of TensorFlow's graph", () => {
    const node = (name: string, from: readonly string[], op: string, constants: Layer, attr: Layer = {}): Layer =>
      layer("TensorFlowOpLayer", name, [from.map((each) => [each, 0, 0, {}])], {
        node_def: { name, op, input: [...from, "constant"], attr },
        constants,
      });
    const layers = [
      input("input_1", [null, 1, 2, 2]),
      node("scaled", ["input_1"], "Mul", { "1": 2 }),
      node("less", ["scaled"], "Sub", { "0": 10 }),
      node("mean", ["less"], "Mean", { "1": [1, 2] }, { keep_dims: { b: true } }),
      node("sum", ["mean", "scaled"], "AddV2", {}),
    ];
    // 10 - 2x has the means 6 and 4.
    expect(
      outputOf(graph(layers, [["sum", 0, 0]]), [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ]),
    ).toEqual([8, 8, 12, 12]);
  });

  test("lays out outputs that are in lists within lists, as Keras 2 allows", () => {
    const first = layer("ReLU", "first", [[["input_1", 0, 0, {}]]]);
    const second = layer("ReLU", "second", [[["first", 0, 0, {}]]]);
    const nested = [
      [["first", 0, 0], [["second", 0, 0]]],
      ["input_1", 0, 0],
    ];
    expect(fromKeras2(graph([input(), first, second], nested), "test")["config"]).toMatchObject({
      output_layers: [
        ["first", 0, 0],
        ["second", 0, 0],
        ["input_1", 0, 0],
      ],
    });
  });

  test("takes a slash out of names", () => {
    const slashed = layer("ReLU", "block/relu", [[["input_1", 0, 0, {}]]]);
    const after = layer("ReLU", "last", [[["block/relu", 0, 0, {}]]]);
    const model = deserializeModel(fromKeras2(graph([input(), slashed, after], [["last", 0, 0]]), "model.h5"));
    expect(model.layers.map(({ name }) => name)).toEqual(["input_1", "block_relu", "last"]);
    model.dispose();
  });

  test.for<[string, unknown, string]>([
    ["code", graph([input(), layer("Lambda", "own", [[["input_1", 0, 0, {}]]])], [["own", 0, 0]]), "Lambda"],
    ["another function", graph([input(), call("f", "io.read_file", "input_1")], [["f", 0, 0]]), "io.read_file"],
    ["other arguments", graph([input(), call("f", "nn.relu", "input_1", { odd: 1 })], [["f", 0, 0]]), "odd"],
    ["a cast to integers", graph([input(), call("f", "cast", "input_1", { dtype: "int32" })], [["f", 0, 0]]), "cast"],
    ["an unknown end", graph([input()], [["absent", 0, 0]]), "output_layers"],
    ["a layer alone", { class_name: "Dense", config: {} }, "Sequential, Functional or Model"],
    ["no object", 3, "class_name"],
    ["no layers", { class_name: "Sequential", config: {} }, "layers of Sequential"],
    ["a broken use", graph([input(), layer("ReLU", "r", [["x"]])], [["r", 0, 0]]), "inbound_nodes"],
  ])("refuses %s by name", ([, config, words]) => {
    expect(reading(config)).toThrow(words);
    expect(reading(config)).toThrow(expect.objectContaining({ code: "INVALID_FORMAT", source: "model.h5" }));
  });

  test("gives a model or a typed error for any change of a document", () => {
    const text = JSON.stringify(graph([input(), call("f", "math.add", "input_1", { y: 3 })], [["f", 0, 0]]));
    const odd = fc.constantFrom(null, [], {}, "x", -1, 1e9, JSON.parse('{"__proto__":{"x":1}}') as unknown);
    const attempt = (place: number, value: unknown): unknown => {
      let count = 0;
      const changed: unknown = JSON.parse(text, (_, each: unknown) => (count++ === place ? value : each));
      try {
        deserializeModel(fromKeras2(changed, "model.h5")).dispose();
        return undefined;
      } catch (error) {
        return error;
      }
    };
    const accepts = (error: unknown): boolean => error === undefined || error instanceof FeaturemapError;
    fc.assert(
      fc.property(fc.nat(40), odd, (place, value) => accepts(attempt(place, value))),
      { numRuns: 300 },
    );
    expect({}).not.toHaveProperty("x");
  });
});

describe("isKeras2", () => {
  test("goes by the model, and by the version where that does not tell", () => {
    const stack = { class_name: "Sequential", config: { layers: [{ class_name: "ReLU", config: {} }] } };
    const third = { class_name: "InputLayer", config: { batch_shape: [null, 3] } };
    expect(isKeras2(graph([input()], []))).toBe(true);
    expect(isKeras2({ class_name: "Functional", config: { layers: [third] } }, "2.13.1")).toBe(false);
    expect(isKeras2(stack, "3.5.0")).toBe(false);
    expect(isKeras2(stack, "2.4.0")).toBe(true);
    expect(isKeras2(stack, "tfjs-layers 4.22.0")).toBe(true);
  });
});
