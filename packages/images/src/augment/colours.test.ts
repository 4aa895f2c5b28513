import { HostArray, RandomStream } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { adjustBrightness, adjustContrast } from "../arrays/adjust.ts";
import { colorJitter, randomBrightness, randomContrast } from "./colours.ts";

const picture = { data: Uint8Array.from({ length: 60 }, (_, at) => (at * 37) % 256), width: 5, height: 4 };
const array = new HostArray(picture.data, [4, 5, 3]);

test("random brightness and contrast are tf.image's, with the number drawn", () => {
  expect(randomBrightness(0.3).apply(picture, new RandomStream(5)).data).toEqual(
    adjustBrightness(array, new RandomStream(5).uniform(-0.3, 0.3)).data,
  );
  expect(randomContrast(0.5, 2).apply(picture, new RandomStream(5)).data).toEqual(
    adjustContrast(array, new RandomStream(5).uniform(0.5, 2)).data,
  );
});

test("they leave alpha as it is", () => {
  const seen = { data: Uint8Array.of(10, 20, 30, 7, 200, 180, 160, 9), width: 2, height: 1 };
  for (const operation of [randomBrightness(0.5), randomContrast(3, 4)]) {
    const { data } = operation.apply(seen, new RandomStream(2));
    expect([data[3], data[7]]).toEqual([7, 9]);
    expect(data[0]).not.toBe(10);
  }
});

test.for([
  ["maxDelta", () => randomBrightness(-0.1)],
  ["lower, upper", () => randomContrast(-1, 2)],
  ["lower, upper", () => randomContrast(1, 0.5)],
  ["lower, upper", () => randomContrast(1, Infinity)],
] as const)("a wrong %s is refused", ([option, make]) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
});

test("a picture with alpha gets the colours of the same one without", () => {
  const opaque = Uint8Array.from({ length: 1024 }, (_, at) =>
    at % 4 === 3 ? 255 : (at * 37 + ((at * at) >> 3)) % 256,
  );
  const plain = opaque.filter((_, at) => at % 4 !== 3);
  for (const factor of [0.1, 0.3, 1, 1.1, 1.7]) {
    for (const quality of ["brightness", "contrast", "saturation"] as const) {
      const operation = colorJitter({ [quality]: [factor, factor] });
      const change = (data: Uint8Array) => operation.apply({ data, width: 16, height: 16 }, new RandomStream(1)).data;
      expect(change(opaque).filter((_, at) => at % 4 !== 3)).toEqual(change(plain));
    }
  }
});
