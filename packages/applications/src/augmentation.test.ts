import { RandomStream } from "@featuremap/tensor";
import type { Pixels } from "@featuremap/images";
import { expect, test } from "vitest";
import { augmentation } from "./augmentation.ts";

const names = (level: Parameters<typeof augmentation>[0]): string[] =>
  augmentation(level, [32, 48]).map(({ name }) => name);

test("each level adds to the one before", () => {
  expect(names("none")).toEqual([]);
  expect(names("light")).toEqual(["pad", "randomCrop", "randomFlipLeftRight"]);
  expect(names("strong")).toEqual([...names("light"), "colorJitter", "cutout"]);
});

test.for([
  [32, 32, 3],
  [28, 28, 1],
  [7, 200, 3],
  [1, 1, 3],
] as const)("pictures of %ix%ix%i keep their shape", ([height, width, channels]) => {
  const random = new RandomStream(1);
  const picture = { data: new Uint8Array(height * width * channels).fill(7), height, width };
  for (const level of ["light", "strong"] as const) {
    const { data, ...size } = augmentation(level, [height, width]).reduce<Pixels>(
      (pixels, operation) => operation.apply(pixels, random),
      picture,
    );
    expect(size).toEqual({ height, width });
    expect(data).toHaveLength(picture.data.length);
  }
});

test("refuses other levels and sizes", () => {
  expect(() => augmentation("hard" as "strong", [32, 32])).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIG", option: "level" }),
  );
  for (const size of [32, [32], [0, 32], [32, 32, 3], undefined]) {
    expect(() => augmentation("light", size as never)).toThrow(expect.objectContaining({ option: "size" }));
  }
});
