import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Activation } from "./activation.ts";
import { ELU } from "./elu.ts";
import { LeakyReLU } from "./leaky-relu.ts";
import { PReLU } from "./prelu.ts";
import { ReLU } from "./relu.ts";
import { Softmax } from "./softmax.ts";

useBackend(registerGradients);

const invalid = (option: string): unknown => expect.objectContaining({ code: "INVALID_CONFIG", option });
const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });

describe("ReLU", () => {
  checkLayerContract(() => new ReLU({ maxValue: 1.5, negativeSlope: 0.1, threshold: 0 }), { inputShape: [3, 4] });

  test.for(["maxValue", "negativeSlope", "threshold"])(
    "rejects a negative %s, and one that is not a number",
    (option) => {
      expect(() => new ReLU({ [option]: -1 })).toThrow(invalid(option));
      expect(() => new ReLU({ [option]: Number.NaN })).toThrow(invalid(option));
    },
  );
});

describe("LeakyReLU", () => {
  checkLayerContract(() => new LeakyReLU(), { inputShape: [3, 4] });

  test("rejects a negative slope", () => {
    expect(() => new LeakyReLU({ negativeSlope: -0.1 })).toThrow(invalid("negativeSlope"));
  });
});

describe("ELU", () => {
  checkLayerContract(() => new ELU({ alpha: 0.5 }), { inputShape: [3, 4] });

  test("comes near -alpha", () => {
    const [value = 0] = tf.tidy(() => new ELU({ alpha: 0.5 }).call(tf.tensor1d([-20])).dataSync());
    expect(value).toBeCloseTo(-0.5, 6);
  });

  test("rejects an alpha that is not a number", () => {
    expect(() => new ELU({ alpha: Number.NaN })).toThrow(invalid("alpha"));
  });
});

describe("PReLU", () => {
  checkLayerContract(() => new PReLU({ sharedAxes: [1, 2] }), { inputShape: [2, 3, 2, 2] });

  test("has a slope for each element, or for each channel", () => {
    const [own, shared] = [new PReLU(), new PReLU({ sharedAxes: [1, 2] })];
    for (const layer of [own, shared]) layer.build([null, 4, 5, 3]);
    expect(own.alpha.shape).toEqual([4, 5, 3]);
    expect(shared.alpha.shape).toEqual([1, 1, 3]);
    expect(shared.outputShape([null, 9, 9, 3])).toEqual([null, 9, 9, 3]);
    expect(() => shared.outputShape([null, 9, 9, 2])).toThrow(shapeMismatch);
  });

  test("rejects unknown lengths except on shared axes", () => {
    expect(() => new PReLU().outputShape([null, null, 3])).toThrow(shapeMismatch);
    expect(new PReLU({ sharedAxes: 1 }).outputShape([null, null, 3])).toEqual([null, null, 3]);
    expect(() => new PReLU({ sharedAxes: 3 }).outputShape([null, 2, 3])).toThrow(shapeMismatch);
  });

  test.for([0, -1, 1.5])("rejects shared axis %s", (sharedAxes) => {
    expect(() => new PReLU({ sharedAxes })).toThrow(invalid("sharedAxes"));
  });
});

describe("Softmax", () => {
  checkLayerContract(() => new Softmax({ axis: [1, 2] }), { inputShape: [2, 3, 2] });

  test("rejects an axis that is not an integer, or that the input does not have", () => {
    expect(() => new Softmax({ axis: 0.5 })).toThrow(invalid("axis"));
    expect(() => new Softmax({ axis: [] })).toThrow(invalid("axis"));
    expect(() => new Softmax({ axis: 2 }).outputShape([null, 3])).toThrow(shapeMismatch);
  });
});

describe.for([
  "celu",
  "logSigmoid",
  "hardTanh",
  "hardShrink",
  "softShrink",
  "tanhShrink",
  "sparsePlus",
  "sparseSigmoid",
  "squareplus",
] as const)("activation %s", (name) => {
  checkLayerContract(() => new Activation(name), { inputShape: [2, 4] });
});

describe("activation sparsemax", () => {
  checkLayerContract(() => new Activation("sparsemax"), { inputShape: [2, 5] });

  const probabilities = (...inputs: number[]): number[] =>
    tf.tidy(() => [...new Activation("sparsemax").call(tf.tensor1d(inputs)).dataSync()]);

  test("gives the nearest probabilities", () => {
    // All but the second input less 0.25; the second is below that.
    expect(probabilities(0.75, 0, 0.5, 0.5)).toEqual([0.5, 0, 0.25, 0.25]);
    expect(probabilities(3, 1, -2)).toEqual([1, 0, 0]);
  });

  test("changes nothing that adds up to 1 already", () => {
    expect(probabilities(0.25, 0.5, 0.25)).toEqual([0.25, 0.5, 0.25]);
  });
});
