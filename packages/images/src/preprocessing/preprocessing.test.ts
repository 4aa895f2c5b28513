import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { type Preprocessing, channelCount, parsePreprocessing, plainPreprocessing } from "./preprocessing.ts";
import { preprocessPixels } from "./preprocess-pixels.ts";

const digits = plainPreprocessing([28, 28], "grayscale", 1 / 255);
const photos: Preprocessing = {
  size: [180, 240],
  channels: "rgb",
  resize: "nearest",
  crop: "center",
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
};

const orAnything = (right: unknown): fc.Arbitrary<unknown> => fc.oneof(fc.constant(right), fc.anything());

function failure(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

test("a plain description has one mean and one deviation a channel, which change nothing", () => {
  expect(digits).toEqual({
    size: [28, 28],
    channels: "grayscale",
    resize: "bilinear",
    crop: "none",
    scale: 1 / 255,
    mean: [0],
    standardDeviation: [1],
  });
  expect(plainPreprocessing([2, 2], "rgb")).toMatchObject({ scale: 1, mean: [0, 0, 0], standardDeviation: [1, 1, 1] });
});

test("grey is one channel, colour three", () => {
  expect([channelCount("grayscale"), channelCount("rgb")]).toEqual([1, 3]);
});

describe("parsePreprocessing", () => {
  test.for([
    digits,
    photos,
    { ...photos, resize: "bicubic", crop: "pad" } as const,
    { ...photos, orientation: "stored" } as const,
    { ...photos, channelOrder: "bgr" } as const,
  ])("gives back what was stored", (description) => {
    expect(parsePreprocessing(JSON.parse(JSON.stringify(description)), "model.json")).toEqual(description);
  });

  test("leaves unsaid that pictures are turned upright, as they are in files without the field", () => {
    expect(parsePreprocessing({ ...photos, orientation: "exif", channelOrder: "rgb" }, "model.json")).toEqual(photos);
  });

  test.for<[string, unknown]>([
    ["preprocessing.orientation", { ...photos, orientation: "upright" }],
    ["preprocessing.orientation", { ...photos, orientation: null }],
    ["preprocessing.channelOrder", { ...photos, channelOrder: "gbr" }],
    ["preprocessing.channelOrder", { ...digits, channelOrder: "bgr" }],
    ["preprocessing.size", { ...photos, size: [28] }],
    ["preprocessing.size", { ...photos, size: [28, 28, 1] }],
    ["preprocessing.size", { ...photos, size: [28, 0] }],
    ["preprocessing.size", { ...photos, size: [28, 1.5] }],
    ["preprocessing.size", { ...photos, size: undefined }],
    ["preprocessing.channels", { ...photos, channels: "bgr" }],
    ["preprocessing.resize", { ...photos, resize: "cubic" }],
    ["preprocessing.crop", { ...photos, crop: "random" }],
    ["preprocessing.scale", { ...photos, scale: "1/255" }],
    ["preprocessing.scale", { ...photos, scale: null }],
    ["preprocessing.mean", { ...photos, mean: [0] }],
    ["preprocessing.mean", { ...photos, mean: [0, 0, "0"] }],
    ["preprocessing.standardDeviation", { ...photos, standardDeviation: [1, 0, 1] }],
    ["preprocessing must be made of", { ...photos, blur: 3 }],
    ["preprocessing must be an object", null],
    ["preprocessing must be an object", [photos]],
    ["preprocessing must be an object", undefined],
  ])("refuses a wrong field: %s", ([field, value]) => {
    expect(() => parsePreprocessing(value, "model.json")).toThrow(FormatError);
    expect(() => parsePreprocessing(value, "model.json")).toThrow(`model.json: ${field}`);
  });

  test("fails on nothing but a FormatError, whatever it is given", () => {
    const almost = fc.record(
      {
        size: orAnything([28, 28]),
        channels: orAnything("rgb"),
        resize: orAnything("bilinear"),
        crop: orAnything("none"),
        scale: orAnything(1),
        mean: orAnything([0, 0, 0]),
        standardDeviation: orAnything([1, 1, 1]),
        orientation: orAnything("stored"),
        channelOrder: orAnything("bgr"),
      } satisfies Record<keyof Preprocessing, fc.Arbitrary<unknown>>,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(almost, fc.jsonValue()), (value) => {
        expect(failure(() => parsePreprocessing(value, "model.json"))).toBeOneOf([undefined, expect.any(FormatError)]);
      }),
      { numRuns: 1000 },
    );
  });
});

test("a wrong description in code is the caller's mistake, named before any pixel is read", () => {
  const description = { ...digits, mean: [0, 0, 0] };
  const run = () => preprocessPixels({ data: new Uint8Array(1), width: 1, height: 1 }, description);
  expect(run).toThrow(InvalidConfigError);
  expect(run).toThrow("preprocessPixels: preprocessing.mean must be 1 finite numbers, received [0, 0, 0].");
});
