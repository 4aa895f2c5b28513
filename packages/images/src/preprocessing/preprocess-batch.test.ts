import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HostArray, InvalidConfigError, RandomStream, ShapeError } from "@featuremap/tensor";
import { preprocessBatch } from "./preprocess-batch.ts";
import { preprocessPixels } from "./preprocess-pixels.ts";
import { type Preprocessing, channelCount, plainPreprocessing } from "./preprocessing.ts";

const three = new HostArray(Uint8Array.from([0, 51, 102, 153, 204, 255]), [3, 1, 2, 1]);
const plain = plainPreprocessing([1, 2], "grayscale", 1 / 255);

test("images come in the order asked for, as often as asked for", () => {
  const batch = preprocessBatch(three, [2, 0, 2], plain);
  expect(batch.shape).toEqual([3, 1, 2, 1]);
  expect([...batch.data]).toEqual([204, 255, 0, 51, 204, 255].map((byte) => Math.fround(byte / 255)));
});

test("an empty order gives an empty batch", () => {
  expect(preprocessBatch(three, [], plain).shape).toEqual([0, 1, 2, 1]);
});

test("every picture is bit for bit what it is alone, wherever its bytes lie in memory", () => {
  const finite = fc.double({ min: -2, max: 2, noNaN: true });
  const cases = fc.record({
    channels: fc.constantFrom("grayscale", "rgb"),
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
    scale: fc.constantFrom(1, 1 / 255, 1 / 127.5),
    means: fc.array(finite, { minLength: 3, maxLength: 3 }),
    sameMeans: fc.boolean(),
    blueFirst: fc.boolean(),
    unaligned: fc.nat({ max: 3 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(cases, ({ channels, size, scale, means, sameMeans, blueFirst, unaligned, seed }) => {
      const [height, width] = size;
      const depth = channelCount(channels);
      const description: Preprocessing = {
        ...plainPreprocessing(size, channels, scale),
        mean: means.slice(0, depth).map((mean) => (sameMeans ? (means[0] ?? 0) : mean)),
        standardDeviation: new Array<number>(depth).fill(0.3),
        ...(blueFirst && channels === "rgb" && { channelOrder: "bgr" as const }),
      };
      const length = height * width * depth;
      const random = new RandomStream(seed);
      const bytes = new Uint8Array(unaligned + 4 * length).map(() => random.integer(256)).subarray(unaligned);
      const order = random.permutation(4);
      const batch = preprocessBatch(new HostArray(bytes, [4, height, width, depth]), order, description);
      order.forEach((image, position) => {
        const data = bytes.subarray(image * length, (image + 1) * length);
        const alone = preprocessPixels({ data, width, height }, description);
        expect(batch.entry(position).data).toEqual(alone.data);
      });
    }),
  );
});

test.for([[[3]], [[-1]], [[0.5]]])("refuses an order of %j from three images", ([order]) => {
  expect(() => preprocessBatch(three, order ?? [], plain)).toThrow(InvalidConfigError);
});

test("refuses images of another size, and says which", () => {
  const run = () => preprocessBatch(three, [0], plainPreprocessing([2, 1], "grayscale"));
  expect(run).toThrow(ShapeError);
  expect(run).toThrow("images must be (None, 2, 1, 1), received (3, 1, 2, 1)");
  expect(() => preprocessBatch(three, [0], plainPreprocessing([1, 2], "rgb"))).toThrow(ShapeError);
  expect(() => preprocessBatch(three.reshape([3, 2]), [0], plain)).toThrow(ShapeError);
});
