import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { channelPictures, filterPictures } from "./channel-pictures.ts";

const counted = (shape: readonly number[]): HostArray =>
  new HostArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index),
    [...shape],
  );

test("each channel of an output is a picture", () => {
  const maps = channelPictures(counted([2, 2, 3]));
  expect(maps.map(({ shape, data }) => ({ shape, data: [...data] }))).toEqual([
    { shape: [2, 2], data: [0, 3, 6, 9] },
    { shape: [2, 2], data: [1, 4, 7, 10] },
    { shape: [2, 2], data: [2, 5, 8, 11] },
  ]);
  expect(channelPictures(counted([2, 2, 2, 3]))).toEqual(maps);
  expect([...(channelPictures(counted([2, 2, 2, 3]), { image: 1 })[2]?.data ?? [])]).toEqual([14, 17, 20, 23]);
});

test("each filter is a picture, in colours where its input is RGB", () => {
  const [first, second] = filterPictures(counted([2, 1, 2, 3]));
  expect([first?.shape, [...(first?.data ?? [])]]).toEqual([
    [1, 2, 3],
    [0, 1, 2, 3, 4, 5],
  ]);
  expect([...(second?.data ?? [])]).toEqual([6, 7, 8, 9, 10, 11]);
  const [, ofChannel] = filterPictures(counted([2, 1, 2, 3]), { inputChannel: 1 });
  expect([ofChannel?.shape, [...(ofChannel?.data ?? [])]]).toEqual([
    [1, 2],
    [7, 10],
  ]);
  expect([...(filterPictures(counted([1, 1, 2, 5]))[0]?.data ?? [])]).toEqual([0, 5]);
});

test("what is not an output or filters is refused", () => {
  expect(() => channelPictures(counted([2, 2]))).toThrow("(images, height, width, channels), received (2, 2)");
  expect(() => channelPictures(counted([2, 1, 1, 1]), { image: 2 })).toThrow("image must be an integer from 0 to 1");
  expect(() => filterPictures(counted([3, 3, 3]))).toThrow(
    "(filters, height, width, inputChannels), received (3, 3, 3)",
  );
  expect(() => filterPictures(counted([1, 1, 1, 2]), { inputChannel: 2 })).toThrow(
    "an integer from 0 to 1, received 2",
  );
});
