import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { featureMapsOf, filtersOf } from "./channel-pictures.ts";

const counted = (shape: readonly number[]): HostArray =>
  new HostArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index),
    [...shape],
  );

test("each channel of an output is a picture", () => {
  const maps = featureMapsOf(counted([1, 2, 2, 3]));
  expect(maps.map(({ shape, data }) => ({ shape, data: [...data] }))).toEqual([
    { shape: [2, 2], data: [0, 3, 6, 9] },
    { shape: [2, 2], data: [1, 4, 7, 10] },
    { shape: [2, 2], data: [2, 5, 8, 11] },
  ]);
  expect(featureMapsOf(counted([2, 2, 3]))).toEqual(maps);
});

test("each filter of a kernel is a picture, in colours where its input is RGB", () => {
  const [first, second] = filtersOf(counted([1, 2, 3, 2]));
  expect([first?.shape, [...(first?.data ?? [])]]).toEqual([
    [1, 2, 3],
    [0, 2, 4, 6, 8, 10],
  ]);
  expect([...(second?.data ?? [])]).toEqual([1, 3, 5, 7, 9, 11]);
  const [ofChannel] = filtersOf(counted([1, 2, 3, 2]), { inputChannel: 1 });
  expect([ofChannel?.shape, [...(ofChannel?.data ?? [])]]).toEqual([
    [1, 2],
    [2, 8],
  ]);
  expect([...(filtersOf(counted([1, 2, 5, 1]))[0]?.data ?? [])]).toEqual([0, 5]);
});

test("what is not an output or a kernel is refused", () => {
  expect(() => featureMapsOf(counted([2, 2, 2, 3]))).toThrow("(1, height, width, channels), received (2, 2, 2, 3)");
  expect(() => filtersOf(counted([3, 3, 3]))).toThrow("(height, width, inputChannels, filters), received (3, 3, 3)");
  expect(() => filtersOf(counted([1, 1, 2, 1]), { inputChannel: 2 })).toThrow(
    "inputChannel must be an integer from 0 to 1",
  );
});
