import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { ResNet50, VGG16, applicationNames, findApplication, preprocessingFor } from "./index.ts";
import { backboneNames } from "./backbone-applications.ts";

describe.for(backboneNames)("%s", (name) => {
  const application = findApplication(name);

  test("describes itself, and takes pictures of its own size", () => {
    expect(application.name).toBe(name);
    expect(application.description).not.toBe("");
    const [height, width] = application.inputShape;
    expect(application.preprocessing.size).toEqual([height, width]);
    expect(application.preprocessing).toEqual(application.backbone?.preprocessing);
    expect(findApplication(name)).toBe(application);
  });
});

test("every network has a name of its own", () => {
  expect(new Set(applicationNames()).size).toBe(applicationNames().length);
  expect(() => findApplication("mobilenetv2")).toThrow("(did you mean mobilenet-v2?)");
});

test("a backbone gets a top for classes of one's own", () => {
  const application = findApplication("mobilenet-v2");
  const model = application.build({ inputShape: [64, 48, 3], classes: 5, seed: 1, dropout: 0.4 });
  expect(model.name).toBe("mobilenet-v2");
  expect(model.outputShapes).toEqual([[null, 5]]);
  expect(model.layers.slice(-3).map((layer) => layer.name)).toEqual([
    "global_average_pooling2d",
    "top_dropout",
    "predictions",
  ]);
  expect(model.getLayer("top_dropout").getConfig()).toMatchObject({ rate: 0.4 });
  expect(model.getLayer("block_16_project_BN").countParams()).toBe(4 * 320);
  expect(() => application.build()).toThrow(expect.objectContaining({ option: "classes" }));
  expect(() => application.build({ classes: 2, inputShape: [16, 16, 3] })).toThrow(/at least 32x32/);
});

describe("pictures as Keras prepares them", () => {
  // Keras 3.15.1's preprocess_input.
  test.for([
    ["vgg16", [-93.939, -86.779, -113.68]],
    ["resnet50", [-93.939, -86.779, -113.68]],
    ["resnet50-v2", [-0.92156863, -0.7647059, -0.92156863]],
    ["mobilenet-v2", [-0.92156863, -0.7647059, -0.92156863]],
    ["densenet121", [-1.9466563, -1.5104687, -1.6301525]],
    ["resnet18", [-1.9466563, -1.5104687, -1.6301525]],
    ["efficientnet-b0", [10, 30, 10]],
    ["convnext-tiny", [10, 30, 10]],
  ] as const)("for %s", ([name, expected]) => {
    const pixels = new HostArray(Uint8Array.of(10, 30, 10), [1, 1, 3]);
    const output = findApplication(name).backbone?.preprocessInput(pixels);
    expect(output?.shape).toEqual([1, 1, 3]);
    for (const [index, value] of expected.entries()) expect(output?.data[index]).toBeCloseTo(value, 4);
  });

  test("blue comes first for Caffe's", () => {
    const [blue] = VGG16.preprocessInput(new HostArray(Uint8Array.of(0, 0, 255), [1, 3])).data;
    expect(blue).toBeCloseTo(255 - 103.939, 3);
    expect(() => VGG16.preprocessInput(new HostArray(Uint8Array.of(0), [1, 1]))).toThrow(/\.\.\., height, width, 3/);
    expect(() => VGG16.preprocessInput([1, 2, 3] as never)).toThrow(/a HostArray/);
  });

  test("preprocessing follows size and channels", () => {
    const application = findApplication("resnet50");
    expect(preprocessingFor(application, [64, 48, 3])).toEqual({ ...ResNet50.preprocessing, size: [64, 48] });
    const grey = preprocessingFor(application, [64, 48, 1]);
    expect(grey).toMatchObject({ channels: "grayscale", standardDeviation: [1] });
    expect(grey.mean[0]).toBeCloseTo((103.939 + 116.779 + 123.68) / 3);
    expect(grey).not.toHaveProperty("channelOrder");
  });
});
