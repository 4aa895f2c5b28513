import { encodeBundle } from "@featuremap/formats";
import { Activation, Average, Dense, Flatten, Input, type Layer, Model, Sequential, Softmax } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { loadClassifier } from "./load-classifier.ts";
import type { LoadClassifierOptions } from "./load-options.ts";
import { picture } from "./testing/small-bundle.ts";

const preprocessing = plainPreprocessing([2, 2], "grayscale");
const shares = [0.8808, 0.1192];

/** Gives the first two bytes of a picture as they are. */
function logits(): Model {
  const model = new Sequential([new Flatten({ inputShape: [2, 2, 1] }), new Dense({ units: 2, useBias: false })]);
  model.setWeights([new HostArray(Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0), [4, 2])]);
  return model;
}

function ensemble(): Model {
  const input = Input({ shape: [2, 2, 1] });
  const heads = [logits(), logits()].map((model) => new Softmax().apply(model.apply(input)));
  return new Model({ inputs: input, outputs: new Average().apply(heads) });
}

const after = (...layers: Layer[]): Model => new Sequential([logits(), ...layers]);

/** Probabilities of both classes, in their order, for outputs of 2 and 0 before any activation. */
async function classify(
  model: Model,
  options: LoadClassifierOptions = {},
  stored: { readonly outputs?: "probabilities" | "logits" | "binaryLogits" } = {},
): Promise<number[]> {
  const files = await encodeBundle(model, { preprocessing, labels: ["a", "b"], ...stored });
  const classifier = await loadClassifier(files, { device: "cpu", ...options });
  const { predictions } = await classifier.classify(picture(2, 0, 0, 0));
  classifier.dispose();
  return predictions.toSorted((a, b) => a.index - b.index).map(({ probability }) => probability);
}

const close = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 4));

describe("a classifier gives softmax (2, 0) once", () => {
  test.for<[string, () => Model]>([
    ["for logits", logits],
    ["for a layer Softmax", () => after(new Softmax())],
    ["for a layer Activation", () => after(new Activation("softmax"))],
    ["for a model in a model", () => new Sequential([after(new Softmax())])],
    ["for the mean of two softmaxes", ensemble],
    ["for the logarithm of one", () => after(new Activation("logSoftmax"))],
  ])("%s", async ([, build]) => {
    expect(await classify(build())).toEqual(close(shares));
  });
});

describe("where the graph does not tell", () => {
  const odd = (): Model => after(new Activation("relu"));

  test("nothing is guessed", async () => {
    await expect(classify(odd())).rejects.toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIG",
        option: "outputs",
        message: expect.stringContaining('"probabilities", "logits" or "binaryLogits", since neither the layers of'),
      }),
    );
  });

  test("the option says it, before the bundle does", async () => {
    expect(await classify(odd(), { outputs: "logits" })).toEqual(close(shares));
    expect(await classify(odd(), {}, { outputs: "logits" })).toEqual(close(shares));
    expect(await classify(odd(), { outputs: "logits" }, { outputs: "binaryLogits" })).toEqual(close(shares));
  });

  test("outputs that are not what was said are refused", async () => {
    await expect(classify(odd(), { outputs: "probabilities" })).rejects.toThrow("probabilities lie in [0, 1]");
  });
});

test("the logits of a multi-label classifier each get the sigmoid where that is said", async () => {
  expect(await classify(logits(), {}, { outputs: "binaryLogits" })).toEqual(close([0.8808, 0.5]));
});
