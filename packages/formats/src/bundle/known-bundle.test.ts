import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, Input, Model, Sequential } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { classifiesPictures, knownBundle } from "./known-bundle.ts";

const ofPictures = (channels: number, units = 2): Sequential =>
  new Sequential([new Flatten({ inputShape: [4, 2, channels] }), new Dense({ units })]);
const ofAnySize = new Sequential([
  new Conv2D({ filters: 2, kernelSize: 1, inputShape: [null, null, 3] }),
  new GlobalAveragePooling2D(),
]);
const ofNumbers = new Sequential([new Dense({ units: 2, inputShape: [3] })]);
const toPictures = new Sequential([new Conv2D({ filters: 3, kernelSize: 1, inputShape: [4, 2, 3] })]);
const input = Input({ shape: [4, 2, 3] });
const flat = new Flatten().apply(input);
const ofTwoOutputs = new Model({ inputs: input, outputs: [new Dense({ units: 2 }).apply(flat), flat] });

describe("knownBundle", () => {
  test("tells by the channels whether pictures are grey, coloured or have alpha", () => {
    for (const [channels, mode] of [
      [1, "grayscale"],
      [3, "rgb"],
      [4, "rgba"],
    ] as const) {
      expect(knownBundle(ofPictures(channels), { scale: 1 })?.preprocessing).toEqual(plainPreprocessing([4, 2], mode));
    }
  });

  test("takes what is known of the pictures, and calls classes by number where nobody names them", () => {
    const preprocessing = plainPreprocessing([4, 2], "rgb", 1 / 255);
    expect(knownBundle(ofPictures(3), { scale: 1 / 255, labels: ["cat", "dog"] })).toEqual({
      preprocessing,
      labels: ["cat", "dog"],
    });
    expect(knownBundle(ofPictures(3, 1), { scale: 1 / 255 })).toEqual({ preprocessing, labels: ["0", "1"] });
    const known = { ...preprocessing, crop: "center" } as const;
    for (const model of [ofPictures(3), ofAnySize]) {
      expect(knownBundle(model, { preprocessing: known })?.preprocessing).toEqual(known);
    }
  });

  test("makes nothing up where nothing tells how pictures become the input, or which size they have", () => {
    expect(knownBundle(ofPictures(3))).toBeUndefined();
    expect(knownBundle(ofPictures(3), { labels: ["cat", "dog"] })).toBeUndefined();
    expect(knownBundle(ofAnySize, { scale: 1 })).toBeUndefined();
  });

  test("refuses, in its caller's name, what is not a description of pictures", () => {
    const preprocessing = { ...plainPreprocessing([4, 2], "rgb"), crop: "left" } as never;
    const call = (): unknown => knownBundle(ofPictures(3), { preprocessing }, "ModelCheckpoint");
    expect(call).toThrow(InvalidConfigError);
    expect(call).toThrow(/^ModelCheckpoint: preprocessing\.crop must be "none", "center" or "pad"/);
  });

  test("has nothing for a model of anything but pictures and classes", () => {
    for (const model of [ofNumbers, toPictures, ofPictures(2), ofTwoOutputs]) {
      expect(classifiesPictures(model)).toBe(false);
      expect(knownBundle(model, { scale: 1 })).toBeUndefined();
    }
    for (const model of [ofPictures(1), ofAnySize]) expect(classifiesPictures(model)).toBe(true);
  });
});
