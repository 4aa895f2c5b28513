import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { Dense, Input, Model, RepeatVector, Sequential, UpSampling1D, deserializeModel } from "./index.ts";

type Json = Record<string, unknown>;

function inputConfig(shape: readonly (number | null)[]): Json {
  const config = { batch_shape: [null, ...shape], name: "input" };
  return { class_name: "InputLayer", name: "input", config, inbound_nodes: [] };
}

function tensor(layer: string, node: number): Json {
  return { class_name: "__keras_tensor__", config: { keras_history: [layer, node, 0] } };
}

/** Uses of a layer, each on the output of the one before. */
function usedInTurn(layer: Json, name: string, uses: number): Json {
  const nodes = Array.from({ length: uses }, (_, use) => ({
    args: [use === 0 ? tensor("input", 0) : tensor(name, use - 1)],
    kwargs: {},
  }));
  return { ...layer, name, inbound_nodes: nodes };
}

/** A model in which a layer is used twice, that model in another twice, and so on. */
function doubled(levels: number, shape: readonly (number | null)[], layer: Json): Json {
  let config = layer;
  for (let level = 0; level < levels; level++) {
    const name = `part_${level}`;
    const layers = [inputConfig(shape), usedInTurn(config, name, 2)];
    const ends = { input_layers: [["input", 0, 0]], output_layers: [[name, level === 0 ? 1 : 2, 0]] };
    config = { class_name: "Functional", config: { name: `level_${level}`, trainable: true, layers, ...ends } };
  }
  return config;
}

const relu: Json = { class_name: "ReLU", config: { name: "part_0" } };

describe("a model from a file", () => {
  test("is refused for the calls that it asks for, without making one of them", () => {
    const json = doubled(20, [4], relu);
    expect(JSON.stringify(json).length).toBeLessThan(12_000);
    const start = performance.now();
    expect(() => deserializeModel(json, "model.json")).toThrow(FormatError);
    expect(() => deserializeModel(json, "model.json")).toThrow(
      /^model\.json: calls of layers must be at most 100000 in one pass \(limits\.calls\), found 131072 with those of level_15\.$/,
    );
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("may ask for more where a limit is raised, and for less where it is lowered", () => {
    const json = doubled(8, [null], relu);
    expect(deserializeModel(json, "model.json", { limits: { calls: 256 } }).callCount).toBe(256);
    expect(() => deserializeModel(json, "model.json", { limits: { calls: 255 } })).toThrow("found 256");
    const start = performance.now();
    expect(deserializeModel(doubled(20, [4], relu), "x", { limits: { calls: 2 ** 21 } }).callCount).toBe(2 ** 20);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test.for([
    ["RepeatVector", { n: 1e9 }, [3], "repeats", "3000000000"],
    ["Dense", { units: 2 ** 27 }, [1], "repeats", "134217728"],
    ["ZeroPadding2D", { padding: 40_000 }, [1, 1, 1], "repeats", "6400160001"],
  ] as const)("is refused for a large output of %s", ([className, config, shape, name, found]) => {
    const layer = { class_name: className, config: { name, ...config } };
    const layers = [inputConfig(shape), layer];
    const json = { class_name: "Sequential", config: { name: "big", layers } };
    expect(() => deserializeModel(json, "model.json")).toThrow(
      `model.json: the output of layer big/${name} must be of at most 67108864 elements (limits.elements), found ${found}.`,
    );
  });

  test("is refused for a large output that a nested model has for other inputs than its own", () => {
    const input = Input({ shape: [null, 1], name: "input" });
    const grow = new UpSampling1D({ size: 1000, name: "grow" });
    const inner = new Model({ inputs: input, outputs: grow.apply(input), name: "inner" });
    const outer = Input({ shape: [100_000, 1] });
    const json: unknown = JSON.parse(
      JSON.stringify(new Model({ inputs: outer, outputs: inner.apply(outer), name: "outer" }).serialize()),
    );
    expect(() => deserializeModel(json)).toThrow(/output of layer outer\/inner\/grow .* found 100000000\.$/);
    expect(deserializeModel(json, "model.json", { limits: { elements: 1e8 } }).connected).toBe(true);
  });

  test("is refused for a large weight", () => {
    const json = new Sequential([new Dense({ units: 300, inputShape: [400], name: "wide" })]).serialize();
    expect(() => deserializeModel(json, "model.json", { limits: { elements: 119_999 } })).toThrow(
      "model.json: weight wide/kernel must be of at most 119999 elements (limits.elements), found 120000.",
    );
    expect(deserializeModel(json, "model.json", { limits: { elements: 120_000 } }).connected).toBe(true);
  });

  test("is refused where models are nested without end", () => {
    let json: Json = { class_name: "Sequential", config: { name: "inner", layers: [] } };
    for (let depth = 0; depth < 100_000; depth++) json = { class_name: "Sequential", config: { layers: [json] } };
    expect(() => deserializeModel(json, "model.json")).toThrow("model.json: models must be nested at most 100 deep");
  });

  test.for([{ calls: 0 }, { elements: Number.NaN }, { calls: "many" }, { pixels: 3 }, 3, null])(
    "cannot be read with limits %o",
    (limits) => {
      expect(() => deserializeModel(relu, "x", { limits: limits as never })).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG" }),
      );
    },
  );
});

test("layers in a file may stand in any order, and a name that two of them have is refused", () => {
  const count = 3000;
  const layers: Json[] = [];
  for (let index = 0; index < count; index++) {
    const node = { args: [index === 0 ? tensor("input", 0) : tensor(`relu_${index - 1}`, 0)], kwargs: {} };
    layers.unshift({ class_name: "ReLU", name: `relu_${index}`, config: {}, inbound_nodes: [node] });
  }
  const ends = { input_layers: ["input", 0, 0], output_layers: [`relu_${count - 1}`, 0, 0] };
  const start = performance.now();
  const json = (all: Json[]): Json => ({ class_name: "Functional", config: { layers: all, ...ends } });
  expect(deserializeModel(json([...layers, inputConfig([2])])).layers).toHaveLength(count + 1);
  expect(performance.now() - start).toBeLessThan(2000);
  const twice = [inputConfig([2]), ...layers, { ...layers[0], name: "relu_0" }];
  expect(() => deserializeModel(json(twice))).toThrow("of different names");
});

test("RepeatVector still takes what fits", () => {
  const model = new Sequential([new RepeatVector({ n: 1000, inputShape: [60] })]);
  expect(deserializeModel(model.serialize()).outputShapes).toEqual([[null, 1000, 60]]);
});
