import { describe, expect, test } from "vitest";
import golden from "../fixtures/models/models.json" with { type: "json" };
import type { SymbolicTensor } from "../layer/layer.ts";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Dense } from "../layers/core/dense.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { Input } from "../model/input-layer.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import { Model } from "../model/model.ts";
import { Sequential } from "../model/sequential.ts";
import { deserializeModel, serializeModel } from "./serialization.ts";

type Json = Record<string, unknown>;

function kerasJson(name: string): Json {
  return JSON.parse(golden.find((entry) => entry.name === name)?.json ?? "{}") as Json;
}

/** A deep copy with a change. */
function altered(
  name: string,
  change: (config: { layers: { config: Json; [key: string]: unknown }[] } & Json) => void,
): Json {
  const json = kerasJson(name);
  change(json["config"] as Parameters<typeof change>[0]);
  return json;
}

function mnistNetwork(): Model {
  const input = Input({ shape: [28, 28, 1] });
  let x = new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }).apply(input);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }).apply(x);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }).apply(x);
  x = new Flatten().apply(x);
  return new Model({ inputs: input, outputs: new Dense({ units: 10, activation: "softmax" }).apply(x) });
}

describe("serializeModel", () => {
  test("gives for N1 what Keras's to_json gives", () => {
    expect(JSON.parse(JSON.stringify(serializeModel(mnistNetwork())))).toEqual(kerasJson("mnist_functional"));
  });

  test("gives for a Sequential what Keras's to_json gives", () => {
    const model = new Sequential([
      new Conv2D({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [32, 32, 3] }),
      new MaxPooling2D(),
      new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
      new MaxPooling2D(),
      new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
      new Flatten(),
      new Dense({ units: 64, activation: "relu" }),
      new Dense({ units: 10 }),
    ]);
    expect(JSON.parse(JSON.stringify(model.serialize()))).toEqual(kerasJson("cifar"));
  });
});

describe("deserializeModel", () => {
  test.each(golden.map((entry) => [entry.name, entry] as const))(
    "takes Keras's JSON and gives it back: %s",
    (_name, { json, parameters }) => {
      const model = deserializeModel(JSON.parse(json));
      expect(JSON.parse(JSON.stringify(serializeModel(model)))).toEqual(JSON.parse(json));
      expect(model.countParams()).toBe(parameters ?? 0);
    },
  );

  test("takes named inputs and outputs in the order of their names, which it keeps", () => {
    const json = altered("shared", (config) => {
      config["input_layers"] = { r: ["right", 0, 0], l: ["left", 0, 0] };
      config["output_layers"] = { b: ["head", 1, 0], a: ["head", 0, 0] };
    });
    const model = deserializeModel(json);
    expect(model.inputs.map(({ layer }) => layer.name)).toEqual(["left", "right"]);
    expect(model.outputs[0]).toBe(model.getLayer("head").nodes[0]?.outputs[0]);
    expect(serializeModel(model).config).toMatchObject({
      input_layers: { l: ["left", 0, 0], r: ["right", 0, 0] },
      output_layers: { a: ["head", 0, 0], b: ["head", 1, 0] },
    });
    const [first, second] = model.outputs as [SymbolicTensor, SymbolicTensor];
    const again = new Model({ inputs: model.inputs, outputs: { z: first, y: second } });
    expect(again.outputs[0]).toBe(second);
    expect([again.inputNames, again.outputNames]).toEqual([
      ["left", "right"],
      ["y", "z"],
    ]);
    const wrong: unknown = { a: 1 };
    expect(() => new Model({ inputs: model.inputs, outputs: wrong as never })).toThrow("in a list or by names");
  });

  test("takes dtypes written as plain strings", () => {
    const json = altered("cifar", (config) => config.layers.forEach((layer) => (layer.config["dtype"] = "float32")));
    expect(deserializeModel(json).countParams()).toBe(122_570);
  });

  const conv = (config: { layers: { config: Json }[] }): Json => config.layers[1]?.config ?? {};

  test.for<[string, Json, RegExp]>([
    ["an unknown class", altered("cifar", (c) => (c.layers[1] = { class_name: "Conv9D", config: {} })), /Conv9D/],
    ["an unknown option", altered("cifar", (c) => (conv(c)["colour"] = 1)), /Conv2D conv2d.*colour/],
    ["an option of the wrong type", altered("cifar", (c) => (conv(c)["filters"] = "32")), /filters of Conv2D conv2d/],
    ["an option out of range", altered("cifar", (c) => (conv(c)["filters"] = -1)), /Conv2D conv2d.*filters/],
    ["a missing option", altered("cifar", (c) => delete conv(c)["kernel_size"]), /Conv2D conv2d.*kernelSize/],
    ["another dtype", altered("cifar", (c) => (conv(c)["dtype"] = "float16")), /dtype of Conv2D conv2d/],
    ["an unknown activation", altered("cifar", (c) => (conv(c)["activation"] = "rely")), /activation of Conv2D conv2d/],
    [
      "an unknown initializer",
      altered("cifar", (c) => (conv(c)["kernel_initializer"] = { class_name: "Magic", config: {} })),
      /kernel_initializer of Conv2D conv2d/,
    ],
    ["layers that do not fit", altered("cifar", (c) => (conv(c)["kernel_size"] = [40, 40])), /Sequential sequential/],
    ["layers that are no list", altered("cifar", (c) => (c["layers"] = 3 as unknown as [])), /layers of Sequential/],
    [
      "a node whose input does not exist",
      altered("mnist_functional", (c) => (c.layers[1] = { ...c.layers[1], inbound_nodes: [], config: conv(c) })),
      /inbound_nodes of Functional functional/,
    ],
    [
      "an output that does not exist",
      altered("mnist_functional", (c) => (c["output_layers"] = ["dense", 4, 0])),
      /output_layers of Functional functional/,
    ],
    ["a layer in place of a model", { class_name: "Flatten", config: {} }, /class_name/],
  ])("rejects %s, naming the layer", ([, json, message]) => {
    const load = () => deserializeModel(json, "model.json");
    expect(load).toThrow(expect.objectContaining({ code: "INVALID_FORMAT", source: "model.json" }));
    expect(load).toThrow(message);
  });

  test.for([null, 3, "Sequential", [], {}])("rejects %o", (json) => {
    expect(() => deserializeModel(json)).toThrow(expect.objectContaining({ code: "INVALID_FORMAT" }));
  });
});
