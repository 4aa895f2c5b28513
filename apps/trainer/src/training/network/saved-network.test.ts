import { openDevice } from "@featuremap/devices";
import { saveBundle } from "@featuremap/formats";
import { exportModel } from "@featuremap/formats/any";
import { plainPreprocessing } from "@featuremap/images";
import { type Model, deserializeModel } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { documentOf, modelEnds } from "@featuremap/testing/model-ends";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../testing/saved-model.ts";
import type { Network } from "./network-types.ts";
import { savedNetwork } from "./saved-network.ts";

useBackend(() => openDevice("cpu"));

const folder = temporaryFolder();
const data = (...classNames: string[]): { classNames: string[]; location: string } => ({
  classNames,
  location: "photos",
});
const modelOf = (end: string): Model => {
  const layers = modelEnds.find((each) => each.end === end)?.layers;
  if (layers === undefined) throw new Error(`no model ends in ${end}`);
  return deserializeModel(documentOf(layers), end);
};
const bundleOf = async (end: string, labels: readonly string[]): Promise<string> => {
  const path = folder.path(end.replaceAll(/\W/g, "-"));
  const model = modelOf(end);
  await saveBundle(model, path, { preprocessing: plainPreprocessing([8, 8], "grayscale"), labels });
  model.dispose();
  return path;
};

describe("a saved model of other classes gets a new last layer where fineTune gives it one", () => {
  const ask = async (end: string): Promise<Network> => {
    const path = folder.path(`${end.replaceAll(/\W/g, "-")}.keras`);
    const whole = modelOf(end);
    await exportModel(whole, path);
    whole.dispose();
    return savedNetwork("train", path, data("a", "b", "c", "d", "e"), { preprocessing: "none" });
  };

  test.for(modelEnds.filter(({ becomes }) => becomes !== "refused"))("$end", async (given) => {
    const { end, becomes, isDoubtful = false } = given;
    const network = await ask(end);
    const { reasons, outputs, base } = network;
    const where = becomes === "replaced" ? "in place of last" : "behind [^ ]*";
    expect(reasons.network).toMatch(new RegExp(`new last layer for 5 classes ${where}: the model names none`));
    expect(/; last (is taken|has no)/.test(reasons.network)).toBe(isDoubtful);
    expect(base).toEqual({ hasNewHead: true, outputs: undefined });
    expect(["probabilities", "logits"]).toContain(outputs);
    const model = await network.build(1);
    expect(model.outputShapes).toEqual([[null, 5]]);
    expect(model.layers.slice(0, -1).some(({ name }) => name === "last")).toBe(becomes === "kept");
    model.dispose();
  });

  test.for(modelEnds.filter(({ becomes }) => becomes === "refused"))("$end", async ({ end }) => {
    await expect(ask(end)).rejects.toThrow(/names no classes, and photos has a, b, c, d \.\.\. \(5\); it ends in/);
  });
});

describe("a saved model of the same classes", () => {
  test.for(["Dense with softmax", "Dense with softmax, Dropout", "Conv2D, mean, Softmax", "MobileNet's"])(
    "brings what it has learned into their order: %s",
    async (end) => {
      const path = await bundleOf(end, ["c", "a", "b"]);
      const network = await savedNetwork("train", path, data("a", "b", "c"), {});
      expect(network.reasons.network).toBe("as --model says; its classes in the order of the data");
      expect(network.base?.hasNewHead).toBe(false);
      const [before, after] = [
        await (await savedNetwork("train", path, data("c", "a", "b"), {})).build(1),
        await network.build(1),
      ];
      const biasOf = async (model: Model): Promise<number[]> =>
        [...((await model.getLayer("last").getWeights())[0]?.data ?? [])].slice(0, 3);
      const [first = 0, second = 0, third = 0] = await biasOf(before);
      expect(await biasOf(after)).toEqual([second, third, first]);
      for (const model of [before, after]) model.dispose();
    },
  );

  test.for(["Dense with ReLU", "Dense with tanh", "Dense, Softmax over the batch"])(
    "gets a new last layer where nothing shows what its outputs are: %s",
    async (end) => {
      const path = await bundleOf(end, ["a", "b", "c"]);
      const network = await savedNetwork("train", path, data("a", "b", "c"), {});
      expect(network.reasons.network).toBe(
        "as --model says; new last layer for 3 classes in place of last: nothing shows whether its outputs are probabilities",
      );
      const model = await network.build(1);
      expect(model.outputShapes).toEqual([[null, 3]]);
      model.dispose();
    },
  );

  test("gets one where its own cannot be brought into their order", async () => {
    const path = await bundleOf("Dense, BatchNormalization, Softmax", ["c", "a", "b"]);
    const { reasons } = await savedNetwork("train", path, data("a", "b", "c"), {});
    expect(reasons.network).toContain("in place of last: its own stay in another order");
  });
});
