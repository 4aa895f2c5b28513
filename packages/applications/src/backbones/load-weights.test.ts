import { encodeKerasWeights } from "@featuremap/formats/keras";
import { fingerprintOf } from "@featuremap/tensor";
import type { Model } from "@featuremap/layers";
import { expect, test } from "vitest";
import { MobileNetV2 } from "../index.ts";

const options = { alpha: 0.35, includeTop: false, inputShape: [32, 32, 3] } as const;

const printOf = async (model: Model): Promise<string> =>
  fingerprintOf((await model.getWeights()).map(({ data }) => data));

test("a network takes the weights of a file of Keras", async () => {
  const weights = await encodeKerasWeights(MobileNetV2({ ...options, seed: 1 }));
  const loaded = await MobileNetV2.load({ ...options, weights });
  expect(await printOf(loaded)).toBe(await printOf(MobileNetV2({ ...options, seed: 1 })));
  await expect(MobileNetV2.load({ ...options, alpha: 0.5, weights })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
});

test("what is no location, or not there, is refused", async () => {
  await expect(MobileNetV2.load({ ...options, weights: 3 as never })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  await expect(MobileNetV2.load({ ...options, weights: "none.h5" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(MobileNetV2.load({ ...options, alpha: -1, weights: "none.h5" })).rejects.toMatchObject({
    option: "alpha",
  });
});
