import { InvalidConfigError, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Dense, Input, InputLayer, Layer, Model, ReLU, Sequential, Weight, Zeros, deserializeModel } from "./index.ts";
import type { LayerConfig } from "./layer/layer-config.ts";

/** Keras 3.15: "Argument `name` must be a string and cannot contain character `/`." */
const refused = ["a/b", "/", 3, true, {}, ["a"]] as const;

class TwoWeights extends Layer {
  static override readonly className: string = "TwoWeights";
  readonly #names: readonly string[];

  constructor(names: readonly string[], config: LayerConfig = {}) {
    super(config);
    this.#names = names;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  protected override createWeights(): void {
    for (const name of this.#names) this.addWeight(name, [2], new Zeros());
  }

  override call(input: tf.Tensor): tf.Tensor {
    return input;
  }
}

describe.for(refused)("a name of %o", (given) => {
  const name = given as string;
  const input = Input({ shape: [1] });

  test.for([
    ["a layer", () => new Dense({ units: 1, name })],
    ["an input", () => Input({ shape: [1], name })],
    ["an input layer", () => new InputLayer({ shape: [1], name })],
    ["a model", () => new Model({ inputs: input, outputs: new ReLU().apply(input), name })],
    ["a Sequential", () => new Sequential([], { name })],
    ["a weight", () => new Weight(name, [1], () => new Float32Array(1))],
    ["a weight that a layer adds", () => new TwoWeights(["a", name]).build([null, 2])],
    ["a layer that a model would name", () => new ReLU().settleName(name)],
  ] as const)("is refused for %s", ([, make]) => {
    expect(make).toThrow(InvalidConfigError);
    expect(make).toThrow(/name must be text without "\/", received/);
  });
});

test("a model's file cannot have such a name either, and the error tells where", () => {
  const json = new Sequential([new Dense({ units: 1, inputShape: [1], name: "a" })]).serialize();
  const damaged: unknown = JSON.parse(JSON.stringify(json).replace('"name":"a"', '"name":"a/b"'));
  expect(() => deserializeModel(damaged, "model.json")).toThrow(/^model\.json: .*name must be text without "\/"/);
});

test("two weights of one name in a layer are refused when the second is added", () => {
  expect(() => new TwoWeights(["w", "w"]).build([null, 2])).toThrow(/weight name must be unique in the layer.*"w"/);
  const model = new Sequential([new TwoWeights(["v", "w"], { name: "own", inputShape: [2] })]);
  expect([...model.namedWeights().keys()]).toEqual(["own/v", "own/w"]);
});

test("a map by paths that would lose an entry is an error", () => {
  class Renamed extends TwoWeights {
    override get name(): string {
      return "same";
    }
  }
  const model = new Sequential([new ReLU({ inputShape: [2] }), new Renamed(["v"])]);
  const inner = new Renamed(["v"]);
  model.add(inner);
  expect(() => model.namedWeights()).toThrow(/same\/v/);
  expect(() => model.randomStates()).toThrow(/same/);
});
