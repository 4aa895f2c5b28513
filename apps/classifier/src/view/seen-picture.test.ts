import { plainPreprocessing } from "@featuremap/images";
import { expect, test } from "vitest";
import { seenPicture } from "./seen-picture.ts";

test("shows a grey picture of the model's size byte by byte", () => {
  const data = Uint8Array.of(0, 60, 120, 255);
  const seen = seenPicture({ data, width: 2, height: 2 }, plainPreprocessing([2, 2], "grayscale", 1 / 255));
  expect([...seen.data]).toEqual([0, 60, 120, 255].flatMap((value) => [value, value, value, 255]));
});

test("undoes mean and standard deviation of each colour", () => {
  const preprocessing = {
    ...plainPreprocessing([1, 1], "rgb", 1 / 255),
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225],
  };
  const pixels = { data: Uint8Array.of(200, 100, 50, 255), width: 1, height: 1 };
  for (const channelOrder of ["rgb", "bgr"] as const) {
    const seen = seenPicture(pixels, { ...preprocessing, channelOrder });
    expect([...seen.data]).toEqual([200, 100, 50, 255]);
  }
});
