import { flipLeftRight } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import { carBrands } from "./car-brands.ts";

const { train, test: judged, mirrored } = carBrands({ seed: 1 });

describe("carBrands", () => {
  test("draws as many cars as asked for, of both brands", () => {
    expect([train.size, judged.size, mirrored.size]).toEqual([240, 100, 100]);
    expect(new Set(train.labels.data)).toEqual(new Set([0, 1]));
    expect(carBrands({ seed: 1, train: 5, test: 2 }).train.size).toBe(5);
  });

  test("puts the lamp of brand 0 on the left and of brand 1 on the right, and turns them in the mirror", () => {
    judged.labels.data.forEach((brand, car) => {
      const [front, rear] = brand === 0 ? [1, 10] : [10, 1];
      expect(judged.images.at(car, 5, front, 0)).toBeGreaterThan(judged.images.at(car, 5, rear, 0));
      expect(mirrored.images.at(car, 5, rear, 0)).toBe(judged.images.at(car, 5, front, 0));
    });
    expect(mirrored.images).toEqual(flipLeftRight(judged.images));
    expect(mirrored.labels).toBe(judged.labels);
  });

  test("draws the same from the same seed, and for judging other cars than for learning", () => {
    expect(carBrands({ seed: 1 }).train.images).toEqual(train.images);
    expect(carBrands({ seed: 2 }).train.images).not.toEqual(train.images);
    expect(carBrands({ seed: 1, test: 240 }).test.images).not.toEqual(train.images);
  });

  test.for([
    ["train", { seed: 1, train: 0 }],
    ["test", { seed: 1, test: 1.5 }],
    ["seed", { seed: -1 }],
    ["options", { seed: 1, tests: 3 }],
  ] as const)("refuses a wrong %s: %j", ([option, options]) => {
    expect(() => carBrands(options)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
  });
});
