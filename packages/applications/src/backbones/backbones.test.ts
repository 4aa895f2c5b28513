import { openDevice } from "@featuremap/devices";
import { useBackend } from "@featuremap/testing/backend";
import type { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { MobileNet, MobileNetV2, ResNet50, VGG16 } from "../index.ts";
import { backboneCases, checkBackbone, torchCases } from "../testing/backbone-case.ts";

// Whose kernels are many times faster than those of the reference.
useBackend(() => openDevice("wasm"));

/** One of each family; all are compared by `backbones.long.test.ts`. */
const networks = [
  "VGG16",
  "MobileNet",
  "MobileNetV2",
  "MobileNetV3Small",
  "ResNet50",
  "ResNet50V2",
  "DenseNet121",
  "EfficientNetB0",
  "EfficientNetV2B0",
  "Xception",
  "InceptionV3",
  "InceptionResNetV2",
  "ConvNeXtTiny",
  "NASNetMobile",
];

describe.for(networks)("%s, as Keras has it", (name) => {
  const cases = backboneCases[name] ?? [];
  test.for(cases)("$options", (expected) => {
    checkBackbone(name, expected, expected === cases[2]);
  });
});

test.for(torchCases)("$name, as torchvision has it: $options", (expected) => {
  checkBackbone(expected.name, expected, true);
});

describe("options", () => {
  test.for<[object | string, string, RegExp]>([
    [{ inputShape: [31, 32, 3] }, "inputShape", /^VGG16: inputShape must be at least 32x32 pixels, received/],
    [{ inputShape: [null, 64, 3] }, "inputShape", /of known height and width, as the top is included/],
    [{ inputShape: [64, 64] }, "inputShape", /\[height, width, channels\]/],
    [{ inputShape: "64x64" }, "inputShape", /\[height, width, channels\]/],
    [{ includeTop: "yes" }, "includeTop", /true or false/],
    [{ pooling: "mean" }, "pooling", /avg, max or null/],
    [{ classes: 0 }, "classes", /an integer of at least 1/],
    [{ classes: 2.5 }, "classes", /an integer of at least 1/],
    [{ classifierActivation: 3 }, "classifierActivation", /name of an activation/],
    [{ classifierActivation: "softmaxx" }, "activation", /softmax/],
    [{ name: 3 }, "name", /text/],
    [{ seed: -1 }, "seed", /an integer in/],
    [{ alpha: 1 }, "options", /alpha/],
    [{ input_shape: [64, 64, 3] }, "options", /did you mean inputShape/],
    ["vgg16", "options", /an object/],
  ])("VGG16 refuses %j", ([options, option, message]) => {
    expect(() => VGG16(options as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
    expect(() => VGG16(options as never)).toThrow(message);
  });

  test.for<object>([{ alpha: 0 }, { alpha: Number.NaN }, { depthMultiplier: 1.5 }, { dropout: 2 }])(
    "MobileNet refuses %j",
    (options) => {
      const [option] = Object.keys(options);
      expect(() => MobileNet(options)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
    },
  );

  test("pictures of any size, without the top", () => {
    expect(ResNet50({ includeTop: false }).outputShapes).toEqual([[null, null, null, 2048]]);
    expect(MobileNetV2({ includeTop: false, inputShape: [null, 64, 1] }).outputShapes).toEqual([[null, null, 2, 1280]]);
  });

  test("the same seed gives the same weights, another one others", async () => {
    const first = async (seed: number): Promise<HostArray | undefined> =>
      (await MobileNetV2({ alpha: 0.35, seed }).weights[0]?.read()) ?? undefined;
    expect(await first(1)).toEqual(await first(1));
    expect(await first(1)).not.toEqual(await first(2));
  });
});
