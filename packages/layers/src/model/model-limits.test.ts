import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import {
  Add,
  AveragePooling2D,
  Concatenate,
  Conv2D,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  MaxPooling2D,
  Model,
  RandomCrop,
  ReLU,
  RepeatVector,
  Sequential,
  UpSampling1D,
  UpSampling2D,
  deserializeModel,
} from "../index.ts";

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
      `model.json: the output of layer big/${name} must be of at most 120000000 elements (limits.elements), found ${found}.`,
    );
  });

  test("is refused for a large output that a nested model has for other inputs than its own", () => {
    const input = Input({ shape: [null, 1], name: "input" });
    const grow = new UpSampling1D({ size: 1500, name: "grow" });
    const inner = new Model({ inputs: input, outputs: grow.apply(input), name: "inner" });
    const outer = Input({ shape: [100_000, 1] });
    const json: unknown = JSON.parse(
      JSON.stringify(new Model({ inputs: outer, outputs: inner.apply(outer), name: "outer" }).serialize()),
    );
    expect(() => deserializeModel(json)).toThrow(/output of layer outer\/inner\/grow .* found 150000000\.$/);
    expect(deserializeModel(json, "model.json", { limits: { elements: 1.51e8 } }).connected).toBe(true);
  });

  test("is refused for large weights, which are to be made, one by one or together", () => {
    const wide = (name: string) => new Dense({ units: 300, inputShape: [300], useBias: false, name });
    const json = new Sequential([wide("wide"), wide("wider")]).serialize();
    expect(() => deserializeModel(json, "model.json", { limits: { weights: 179_999 } })).toThrow(
      "model.json: weights must be of at most 179999 elements (limits.weights), found 180000 with those of wider/kernel.",
    );
    expect(deserializeModel(json, "model.json", { limits: { weights: 180_000, elements: 900 } }).connected).toBe(true);
    const huge = new Sequential([new Dense({ units: 20_000, inputShape: [20_000], name: "huge" })]).serialize();
    expect(() => deserializeModel(huge, "x")).toThrow(
      "x: weights must be of at most 268435456 elements (limits.weights), found 400000000 with those of huge/kernel.",
    );
  });

  test("is read where it is VGG19, or a U-Net for pictures of 1,024 x 1,024", () => {
    const convolution = (filters: number) =>
      new Conv2D({ filters, kernelSize: 3, padding: "same", activation: "relu" });
    const blocks = [
      [64, 2],
      [128, 2],
      [256, 4],
      [512, 4],
      [512, 4],
    ] as const;
    const vgg19 = new Sequential([
      Input({ shape: [224, 224, 3] }),
      ...blocks.flatMap(([filters, count]) => [
        ...Array.from({ length: count }, () => convolution(filters)),
        new MaxPooling2D(),
      ]),
      new Flatten(),
      new Dense({ units: 4096, activation: "relu" }),
      new Dense({ units: 4096, activation: "relu" }),
      new Dense({ units: 1000, activation: "softmax" }),
    ]);
    expect(deserializeModel(vgg19.serialize()).countParams()).toBe(143_667_240);

    const input = Input({ shape: [1024, 1024, 3] });
    const fine = convolution(16).apply(convolution(16).apply(input));
    const coarse = convolution(32).apply(new MaxPooling2D().apply(fine));
    const joined = new Concatenate().apply([fine, new UpSampling2D().apply(coarse)]);
    const head = new Conv2D({ filters: 2, kernelSize: 1, activation: "softmax" }).apply(convolution(16).apply(joined));
    const json = new Model({ inputs: input, outputs: head }).serialize();
    expect(deserializeModel(json).measure([[1, 1024, 1024, 3]]).held.amount).toBeGreaterThan(1e8);
  });

  test("is held to what RandomCrop gives a prediction, which is the whole image, and to what it gives training", () => {
    const after = [
      new AveragePooling2D({ poolSize: 1024, strides: 1, padding: "same", name: "slow" }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 2 }),
    ];
    const model = (side: number, crop: number, ...layers: Layer[]) =>
      new Sequential([Input({ shape: [side, side, 1] }), new RandomCrop({ height: crop, width: crop }), ...layers], {
        name: "cut",
      }).serialize();
    expect(() => deserializeModel(model(2048, 1, ...after), "x")).toThrow("in layer cut/slow");
    expect(() => deserializeModel(model(1, 20_000, new GlobalAveragePooling2D()), "x")).toThrow(
      "output of layer cut/random_crop",
    );
    // What cannot predict can be trained all the same, and ends its predictions at Dense.
    const flat = model(32, 28, new Flatten(), new Dense({ units: 2 }));
    expect(deserializeModel(flat).measure([[1, 32, 32, 1]]).held.amount).toBe(3 * 1024);
  });

  test("is refused for its operations, which a small file can have in one call", () => {
    const layers = [
      new AveragePooling2D({ poolSize: 1024, strides: 1, padding: "same", inputShape: [2048, 2048, 1], name: "wide" }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 2, activation: "softmax" }),
    ];
    const json = new Sequential(layers, { name: "slow" }).serialize();
    const start = performance.now();
    expect(() => deserializeModel(json, "model.json")).toThrow(
      /^model\.json: operations of one pass must be at most 100000000000 \(limits\.operations\), found 43980\d+, of which 43980\d+ in layer slow\/wide\.$/,
    );
    expect(performance.now() - start).toBeLessThan(500);
    expect(deserializeModel(json, "model.json", { limits: { operations: 5e12 } }).connected).toBe(true);
  });

  test("is refused for the operations of many calls together, in nested models too", () => {
    const pooling = {
      class_name: "MaxPooling2D",
      config: { name: "part_0", pool_size: 3, strides: 1, padding: "same" },
    };
    const json = doubled(4, [10, 10, 1], pooling);
    const operations = 16 * (2 * 100 + 900);
    expect(deserializeModel(json, "x", { limits: { operations } }).callCount).toBe(16);
    expect(() => deserializeModel(json, "x", { limits: { operations: operations - 1 } })).toThrow(
      `found ${operations}, of which ${operations / 16} in layer level_3/level_2/level_1/level_0/part_0.`,
    );
  });

  test("is refused for what is in memory at once: branches that wait for one another", () => {
    const input = Input({ shape: [100, 100, 1] });
    const branches = Array.from({ length: 50 }, () => new ReLU().apply(input));
    const inner = new Model({ inputs: input, outputs: new Add({ name: "join" }).apply(branches), name: "inner" });
    const outer = Input({ shape: [100, 100, 1] });
    const json = new Model({ inputs: outer, outputs: inner.apply(outer), name: "outer" }).serialize();
    expect(deserializeModel(json, "x", { limits: { elements: 520_000 } }).connected).toBe(true);
    expect(() => deserializeModel(json, "x", { limits: { elements: 519_999 } })).toThrow(
      "x: what is in memory at layer outer/inner/join must be of at most 519999 elements (limits.elements), found 520000.",
    );
  });

  test("may be as long as it likes where it holds little at once", () => {
    const layers = Array.from({ length: 300 }, () => new ReLU());
    const json = new Sequential([Input({ shape: [100, 100, 1] }), ...layers]).serialize();
    expect(deserializeModel(json, "x", { limits: { elements: 30_000 } }).connected).toBe(true);
  });

  test.for([
    ["SeparableConv2D", { filters: 1, kernel_size: 1, depth_multiplier: 10_000 }],
    ["DepthwiseConv2D", { kernel_size: 2, strides: 2, dilation_rate: 100_000, padding: "same" }],
    ["Conv2DTranspose", { filters: 1, kernel_size: 2, dilation_rate: 100_000, padding: "same" }],
    ["Resizing", { height: 1, width: 100_000, pad_to_aspect_ratio: true }],
    ["Resizing", { height: 100_000, width: 1, interpolation: "bicubic" }],
    ["UpSampling2D", { size: [1000, 1], interpolation: "lanczos3" }],
  ] as const)("is refused for what %s makes on the way: %j", ([className, config]) => {
    const layers = [inputConfig([1024, 1024, 1]), { class_name: className, config: { name: "large", ...config } }];
    const json = { class_name: "Sequential", config: { name: "big", layers } };
    expect(() => deserializeModel(json, "x")).toThrow(/layer big\/large/);
  });

  test.for([
    ["Conv1D", { filters: 1, kernel_size: 2, dilation_rate: 1e9, padding: "causal" }, [8, 1]],
    ["Conv3D", { filters: 1, kernel_size: 1, strides: [1e9, 1, 1] }, [8, 8, 8, 1]],
  ] as const)("is refused for zeros that %s puts around its input: %j", ([className, config, shape]) => {
    const layers = [inputConfig(shape), { class_name: className, config: { name: "large", ...config } }];
    const json = { class_name: "Sequential", config: { name: "big", layers } };
    expect(() => deserializeModel(json, "x")).toThrow("what is in memory at layer big/large");
  });

  test("is held to the limits for what it will be given, where it leaves lengths open", () => {
    const layers = [new MaxPooling2D({ poolSize: 3, inputShape: [null, null, 1] }), new GlobalAveragePooling2D()];
    const json = new Sequential(layers, { name: "open" }).serialize();
    const read = (side: number) =>
      deserializeModel(json, "x", { inputShape: [1, side, side, 1], limits: { elements: 1e5 } });
    expect(read(250).connected).toBe(true);
    expect(() => read(350)).toThrow(
      "what is in memory at layer open/global_average_pooling2d must be of at most 100000",
    );
    expect(() => read(2)).toThrow("x: model must be one for inputs (1, 2, 2, 1), found max_pooling2d");
  });

  test("counts what an operation moves into the batch", () => {
    const input = inputConfig([1000, 1000, 1]);
    const reshape = {
      module: "keras.src.ops.numpy",
      class_name: "Reshape",
      name: "reshape",
      registered_name: "Reshape",
      config: { newshape: [-1, 1], name: "reshape" },
      inbound_nodes: [{ args: [tensor("input", 0)], kwargs: {} }],
    };
    const dense = { class_name: "Dense", name: "dense", config: { units: 130, name: "dense" } };
    const layers = [input, reshape, { ...dense, inbound_nodes: [{ args: [tensor("reshape", 0)], kwargs: {} }] }];
    const ends = { input_layers: [["input", 0, 0]], output_layers: [["dense", 0, 0]] };
    const json = { class_name: "Functional", config: { name: "flat", layers, ...ends } };
    expect(() => deserializeModel(json, "x")).toThrow("the output of layer flat/dense must be of at most 120000000");
  });

  test("is refused where models are nested without end", () => {
    let json: Json = { class_name: "Sequential", config: { name: "inner", layers: [] } };
    for (let depth = 0; depth < 100_000; depth++) json = { class_name: "Sequential", config: { layers: [json] } };
    expect(() => deserializeModel(json, "model.json")).toThrow("model.json: models must be nested at most 100 deep");
  });

  test.for([
    { calls: 0 },
    { elements: Number.NaN },
    { weights: 0 },
    { operations: -1 },
    { calls: "many" },
    { pixels: 3 },
    3,
    null,
  ])("cannot be read with limits %o", (limits) => {
    expect(() => deserializeModel(relu, "x", { limits: limits as never })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });
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
