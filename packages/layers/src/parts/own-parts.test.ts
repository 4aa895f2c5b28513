import type { FixedShape, OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import golden from "../fixtures/parts/own-parts.json" with { type: "json" };
import {
  Activation,
  type ConfigReader,
  Constraint,
  Conv2D,
  Dense,
  Initializer,
  Regularizer,
  SeparableConv2D,
  Sequential,
  Zeros,
  deserializeModel,
  registerKerasSerializable,
  serializeModel,
} from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { expectClose, hostArrayOf, tensorOf } from "../testing/golden.ts";

useBackend(registerGradients);

interface RampConfig {
  readonly slope?: number | undefined;
}

/** Parts as users write their own, and as `tooling/fixtures/layers/own_parts.py` has them in Keras. */
class Ramp extends Initializer {
  static override readonly className: string = "Ramp";
  static override readonly options: OptionNames<RampConfig> = { slope: true };
  readonly slope: number;

  constructor(config: RampConfig = {}) {
    super(config);
    this.slope = config.slope ?? 1;
  }

  override initialize(shape: FixedShape): Float32Array {
    return Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, (_, i) => i * this.slope);
  }

  override getConfig(): Record<string, unknown> {
    return { slope: this.slope };
  }

  static override fromConfig(reader: ConfigReader): Ramp {
    return new Ramp({ slope: reader.number("slope") });
  }
}

class FourthPowers extends Regularizer {
  static override readonly className: string = "FourthPowers";
  readonly factor: number;

  constructor(factor: number) {
    super();
    this.factor = factor;
  }

  override loss(values: tf.Tensor): tf.Scalar {
    return tf.tidy(() => tf.mul<tf.Scalar>(tf.sum(tf.pow(values, 4)), this.factor));
  }

  override getConfig(): Record<string, unknown> {
    return { factor: this.factor };
  }

  static override fromConfig(reader: ConfigReader): FourthPowers {
    return new FourthPowers(reader.number("factor") ?? 0.01);
  }
}

class Ceiling extends Constraint {
  static override readonly className: string = "Ceiling";
  readonly limit: number;

  constructor(limit: number) {
    super();
    this.limit = limit;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.minimum(weight, this.limit);
  }

  override getConfig(): Record<string, unknown> {
    return { limit: this.limit };
  }

  static override fromConfig(reader: ConfigReader): Ceiling {
    return new Ceiling(reader.number("limit") ?? 1);
  }
}

function sine(input: tf.Tensor): tf.Tensor {
  return tf.sin(input);
}

beforeAll(() => {
  registerKerasSerializable(Ramp, { package: "garden" });
  registerKerasSerializable(FourthPowers, { package: "garden", name: "Quartic" });
  registerKerasSerializable(Ceiling);
  registerKerasSerializable(sine, { package: "garden" });
});

const savedAndLoaded = (
  model: Sequential,
): { readonly json: unknown; readonly copy: ReturnType<typeof deserializeModel> } => {
  const json: unknown = JSON.parse(JSON.stringify(serializeModel(model)));
  return { json, copy: deserializeModel(json) };
};

const kernelOf = (layer: unknown): Dense => {
  if (!(layer instanceof Dense)) throw new Error("no Dense");
  return layer;
};

describe("a model from Keras with parts of a user's own", () => {
  test("computes what Keras does, and comes back as Keras's JSON", () => {
    const model = deserializeModel(JSON.parse(golden.json));
    expect(JSON.parse(JSON.stringify(serializeModel(model)))).toEqual(JSON.parse(golden.json));
    const dense = kernelOf(model.layers[0]);
    tf.tidy(() => {
      expectClose(dense.kernel.variable, golden.initialKernel);
      expectClose(dense.kernelConstraint?.apply(dense.kernel.variable) ?? tf.zeros([0]), golden.constrainedKernel);
      expectClose(dense.kernelRegularizer?.loss(dense.kernel.variable) ?? tf.zeros([0]), {
        shape: [],
        values: [golden.kernelLoss],
      });
      model.setWeights(golden.weights.map(hostArrayOf));
      const losses: tf.Tensor[] = [];
      const [output = tf.zeros([0])] = model.callAll([tensorOf(golden.input)], { training: true, losses });
      expectClose(output, golden.output);
      const penalties = tf.addN([...losses, tf.scalar(golden.kernelLoss)]);
      expectClose(penalties, { shape: [], values: [golden.losses] });
    });
    model.dispose();
  });
});

describe("activations of a user's own", () => {
  test("stand wherever an activation does, and are saved and loaded by their registered name", () => {
    const model = new Sequential([
      new Conv2D({ filters: 2, kernelSize: 3, activation: sine, inputShape: [8, 8, 2] }),
      new Conv2D({ filters: 2, kernelSize: 2, groups: 2, activation: sine }),
      new SeparableConv2D({ filters: 2, kernelSize: 2, activation: sine }),
      new Activation(sine),
      new Activation({ activation: sine }),
    ]);
    const { json, copy } = savedAndLoaded(model);
    expect(JSON.stringify(json).split('"garden>sine"')).toHaveLength(6);
    expect(JSON.parse(JSON.stringify(serializeModel(copy)))).toEqual(json);
    tf.tidy(() => {
      const input = tf.randomNormal([2, 8, 8, 2], 0, 1, "float32", 3);
      copy.weights.forEach((weight, index) =>
        weight.variable.assign(model.weights[index]?.variable ?? weight.variable),
      );
      const [expected, actual] = [model.predict(input), copy.predict(input)];
      expectClose(actual, { shape: expected.shape, values: [...expected.dataSync()] });
    });
    model.dispose();
    copy.dispose();
  });

  test("have their gradients", () => {
    tf.tidy(() => {
      const layer = new Activation(sine);
      const gradient = tf.grad((input) => tf.sum(layer.call(input)))(tf.tensor1d([0, 1, 2]));
      expectClose(gradient, { shape: [3], values: [1, Math.cos(1), Math.cos(2)] });
    });
  });

  test("that nobody registered are saved all the same, and load once they are registered", () => {
    const { relu } = { relu: (input: tf.Tensor): tf.Tensor => tf.mul(input, 2) };
    const json: unknown = JSON.parse(
      JSON.stringify(serializeModel(new Sequential([new Activation({ activation: relu, inputShape: [2] })]))),
    );
    expect(() => deserializeModel(json)).toThrow(/activation of Activation activation.*registered.*Custom>relu/);
    registerKerasSerializable(relu);
    const [loaded] = deserializeModel(json).layers;
    tf.tidy(() => {
      expect([...(loaded?.call(tf.tensor1d([-1, 2]), { training: false }).dataSync() ?? [])]).toEqual([-2, 4]);
    });
    // Keras's own is still meant by its name.
    const own = deserializeModel(JSON.parse(JSON.stringify(json).replace(/\{"module":"builtins"[^}]*\}/, '"relu"')));
    expect(own.layers[0]?.getConfig()["activation"]).toBe("relu");
  });

  test("must keep the shape and give a tensor", () => {
    const call = (activation: (input: tf.Tensor) => tf.Tensor): tf.Tensor =>
      tf.tidy(() => new Activation(activation).call(tf.ones([2, 3])));
    expect(() => call((input) => tf.sum(input))).toThrow(/activation .*output must be a tensor of shape \(2, 3\)/);
    expect(() => call((() => 3) as unknown as (input: tf.Tensor) => tf.Tensor)).toThrow(/received number/);
  });
});

describe("registering", () => {
  test.for([
    ["an arrow function without a name", "name", [(input: tf.Tensor): tf.Tensor => input]],
    ["a class of parts without fromConfig", "target", [class extends Zeros {}]],
    ["an object", "target", [{ className: "Ramp" }]],
    ["nothing", "target", [undefined]],
  ] as const)("refuses %s", ([, option, parameters]) => {
    expect(() => Reflect.apply(registerKerasSerializable, undefined, parameters)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });

  test("does not let a part of one kind stand for another", () => {
    const wrong = golden.json
      .replace('"garden>Quartic"', '"garden>Ramp"')
      .replace('"class_name": "FourthPowers", "config": {"factor": 0.5}', '"class_name": "Ramp", "config": {}');
    expect(() => deserializeModel(JSON.parse(wrong))).toThrow(/kernel_regularizer of Dense dense must be one of L1/);
  });

  test("is needed: parts of an unknown name are refused where they stand", () => {
    const wrong = golden.json
      .replace('"garden>Ramp"', '"garden>Hill"')
      .replace('"class_name": "Ramp"', '"class_name": "Hill"');
    expect(() => deserializeModel(JSON.parse(wrong))).toThrow(
      /kernel_initializer of Dense dense must be .*or registered/,
    );
  });

  test("leaves options of a user's own part to its list", () => {
    expect(() => Reflect.construct(Ramp, [{ slop: 1 }])).toThrow("(did you mean slope?)");
  });
});
