import { expect, test } from "vitest";
import { type Size, chooseImageSize } from "./choose-image-size.ts";

test.for<[string, readonly Size[], number, Size]>([
  [
    "small ones that are alike stay",
    [
      [32, 32],
      [32, 32],
    ],
    50_000,
    [32, 32],
  ],
  [
    "they may be wider than high",
    [
      [48, 96],
      [48, 96],
    ],
    100,
    [48, 96],
  ],
  [
    "small ones of many sizes become squares",
    [
      [40, 50],
      [60, 44],
    ],
    100,
    [64, 64],
  ],
  [
    "few photos are seen large",
    [
      [400, 600],
      [1200, 800],
    ],
    500,
    [160, 160],
  ],
  [
    "more of them smaller",
    [
      [400, 600],
      [1200, 800],
    ],
    10_000,
    [128, 128],
  ],
  [
    "very many smaller still",
    [
      [400, 600],
      [1200, 800],
    ],
    100_000,
    [96, 96],
  ],
  [
    "nothing is blown up",
    [
      [100, 120],
      [110, 130],
    ],
    500,
    [96, 96],
  ],
  [
    "large ones that are alike are brought down too",
    [
      [256, 256],
      [256, 256],
    ],
    500,
    [160, 160],
  ],
  ["none that could be measured", [], 500, [64, 64]],
])("%s", ([, sizes, images, size]) => {
  const choice = chooseImageSize(sizes, images);
  expect(choice.size).toEqual(size);
  expect(choice.reason).toMatch(/^[a-z][^.]+$/);
});
