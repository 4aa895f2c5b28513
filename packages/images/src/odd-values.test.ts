import { HostArray, describeValue } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { describe, test } from "vitest";
import * as images from "./index.ts";

const pixels = { data: new Uint8Array(4), width: 2, height: 2 };
const grey = images.plainPreprocessing([2, 2], "grayscale");

/** Arguments that each function works with; one after the other is replaced by something odd. */
const working: Readonly<Record<string, readonly unknown[]>> = {
  channelCount: ["rgb"],
  digitOfImage: [pixels],
  normaliseDigit: [pixels],
  parsePreprocessing: [grey, "model.json"],
  plainPreprocessing: [[2, 2], "rgb", 1],
  preprocessBatch: [new HostArray(new Uint8Array(4), [1, 2, 2, 1]), [0], grey],
  preprocessPixels: [pixels, grey],
  readsDigits: [{ labels: ["0"], preprocessing: grey }],
  requirePreprocessing: [grey, "owner"],
};

const functions = Object.entries(images).filter(([, value]) => typeof value === "function");

describe("odd values", () => {
  test.for(functions)("%s", async ([name, exported]) => {
    const call = exported as unknown as (...parameters: readonly unknown[]) => unknown;
    const parameters = working[name];
    if (parameters === undefined) throw new Error(`${name} needs its line in this test`);
    await call(...parameters);
    for (const index of parameters.keys()) {
      for (const odd of oddValues) {
        const replaced = parameters.map((parameter, place) => (place === index ? odd : parameter));
        await expectOwnErrors(`${name}, argument ${index} ${describeValue(odd)}`, () => call(...replaced));
      }
    }
  });
});
