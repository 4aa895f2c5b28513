import { plainPreprocessing } from "@featuremap/images";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { defaultBundle } from "./default-bundle.ts";

const model = new Sequential([new Flatten({ inputShape: [4, 2, 3] }), new Dense({ units: 2 })]);

describe("defaultBundle", () => {
  test("takes pictures as they are and calls classes by number where nothing is known", () => {
    expect(defaultBundle(model)).toEqual({ preprocessing: plainPreprocessing([4, 2], "rgb"), labels: ["0", "1"] });
  });

  test("tells by the channels whether pictures are grey, coloured or have alpha", () => {
    for (const [channels, mode] of [
      [1, "grayscale"],
      [3, "rgb"],
      [4, "rgba"],
    ] as const) {
      const flat = new Sequential([new Flatten({ inputShape: [4, 2, channels] }), new Dense({ units: 2 })]);
      expect(defaultBundle(flat).preprocessing).toEqual(plainPreprocessing([4, 2], mode));
    }
  });

  test("takes what is known of the pictures", () => {
    const { preprocessing, labels } = defaultBundle(model, { scale: 1 / 255, labels: ["cat", "dog"] });
    expect(preprocessing).toEqual(plainPreprocessing([4, 2], "rgb", 1 / 255));
    expect(labels).toEqual(["cat", "dog"]);
    const known = { ...plainPreprocessing([4, 2], "rgb"), crop: "center" } as const;
    expect(defaultBundle(model, { preprocessing: known }).preprocessing).toEqual(known);
  });

  test("refuses, in its caller's name, what is no description of pictures", () => {
    const preprocessing = { ...plainPreprocessing([4, 2], "rgb"), crop: "left" } as never;
    const call = (): unknown => defaultBundle(model, { preprocessing }, "ModelCheckpoint");
    expect(call).toThrow(/^ModelCheckpoint: preprocessing\.crop must be "none", "center" or "pad"/);
  });

  test("refuses, in its caller's name, a model of anything but pictures", () => {
    const plain = new Sequential([new Dense({ units: 2, inputShape: [3] })]);
    expect(() => defaultBundle(plain, {}, "ModelCheckpoint")).toThrow(InvalidConfigError);
    expect(() => defaultBundle(plain, {}, "ModelCheckpoint")).toThrow(/^ModelCheckpoint: model must be one that takes/);
  });
});
