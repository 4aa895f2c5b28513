import { plainPreprocessing } from "@featuremap/images";
import { HostArray, InvalidConfigError, ShapeError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countingDataset, labelsOf } from "./counting-dataset.test-support.ts";
import { ImageDataset } from "./image-dataset.ts";

const ten = countingDataset(10);

/** A dataset stays whole while every image still stands beside the label it came with. */
function expectPairs(dataset: ImageDataset): void {
  expect(labelsOf(dataset)).toEqual(
    Array.from({ length: dataset.size }, (_, index) => dataset.images.at(index, 0, 0, 0)),
  );
}

describe("an ImageDataset", () => {
  const contents = {
    images: ten.images,
    labels: ten.labels,
    classNames: ten.classNames,
    preprocessing: ten.preprocessing,
  };

  test("refuses images and labels that differ in number", () => {
    expect(() => new ImageDataset({ ...contents, labels: ten.labels.slice(1) })).toThrow(ShapeError);
    expect(() => new ImageDataset({ ...contents, labels: ten.labels.slice(1) })).toThrow("(10,), received (9,)");
    expect(() => new ImageDataset({ ...contents, labels: ten.labels.reshape([5, 2]) })).toThrow(ShapeError);
  });

  test.for([
    ["another size", plainPreprocessing([1, 2], "grayscale")],
    ["another number of channels", plainPreprocessing([2, 1], "rgb")],
  ] as const)("refuses images of %s than its preprocessing", ([, preprocessing]) => {
    expect(() => new ImageDataset({ ...contents, preprocessing })).toThrow(ShapeError);
    expect(() => ten.withPreprocessing(preprocessing)).toThrow(ShapeError);
  });

  test("takes grey images without a channel axis, and labels in a column", () => {
    const { images, labels } = new ImageDataset({
      ...contents,
      images: ten.images.reshape([10, 2, 1]),
      labels: ten.labels.reshape([10, 1]),
    });
    expect([images.shape, labels.shape, labels.data]).toEqual([[10, 2, 1, 1], [10], ten.labels.data]);
    expect(images.data.buffer).toBe(ten.images.data.buffer);
  });

  describe("of numbers that are not bytes", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    const of = (values: HostArray | number[][], scale = 1 / 255): ImageDataset =>
      new ImageDataset({
        images: values,
        labels: new Array<number>(128).fill(0),
        classNames: ["a"],
        preprocessing: plainPreprocessing([2, 1], "grayscale", scale),
      });
    const floats = (value: (byte: number) => number): HostArray =>
      new HostArray(Float32Array.from(bytes, value), [128, 2, 1]);

    test("takes pixels divided by 255, and gives a model the same numbers", () => {
      const images = floats((byte) => byte / 255);
      const dataset = of(images);
      expect(dataset.images.data).toEqual(bytes);
      const [batch] = dataset.batch(128).batches(0);
      expect(batch?.x.data).toEqual(images.data);
    });

    test("takes whole numbers of other types, and nested lists of them", () => {
      expect(of(floats((byte) => byte)).images.data).toEqual(bytes);
      expect(of(new HostArray(Int32Array.from(bytes), [128, 2, 1])).images.data).toEqual(bytes);
      const lists = Array.from({ length: 128 }, (_, row) => [bytes[2 * row], bytes[2 * row + 1]].map((each) => [each]));
      expect(of(lists as never).images.data).toEqual(bytes);
    });

    test.for<[string, HostArray, number, string]>([
      ["fractions that preprocessing does not scale", floats((byte) => byte / 255), 1, "preprocessing.scale 1/255"],
      ["numbers around 0", floats((byte) => byte / 127.5 - 1), 1 / 255, "let preprocessing say scale, mean"],
      ["fractions of something else", floats((byte) => byte / 256), 1 / 255, "element 1, must be whole pixel values"],
      ["pixels that are not whole", floats((byte) => byte - 0.5 * (byte % 2)), 1 / 255, "Math.round"],
      ["NaN", floats(() => Number.NaN), 1 / 255, "element 0, must be a number"],
      [
        "more than 8 bits",
        new HostArray(
          Int32Array.from(bytes, (byte) => byte * 257),
          [128, 2, 1],
        ),
        1,
        "[0, 255]",
      ],
    ])("refuses %s, and says what to give", ([, images, scale, message]) => {
      expect(() => of(images, scale)).toThrow(message);
      expect(() => of(images, scale)).toThrow(InvalidConfigError);
    });
  });

  test("refuses to be empty", () => {
    const empty = { ...contents, images: ten.images.slice(0, 0), labels: ten.labels.slice(0, 0) };
    expect(() => new ImageDataset(empty)).toThrow("images must be at least 1, received 0");
  });

  test.for([-1, 10])("refuses label %d of 10 classes, and says where it stands", (label) => {
    const labels = new HostArray(ten.labels.data.with(7, label), [10]);
    expect(() => new ImageDataset({ ...contents, labels })).toThrow(InvalidConfigError);
    expect(() => new ImageDataset({ ...contents, labels })).toThrow(
      `labels[7] must be an integer in [0, 10), received ${label}`,
    );
  });

  test("takes another preprocessing without touching the images", () => {
    const other = ten.withPreprocessing(plainPreprocessing([2, 1], "grayscale", 1 / 255));
    expect(other.preprocessing.scale).toBe(1 / 255);
    expect(other.images).toBe(ten.images);
    expect(ten.preprocessing.scale).toBe(1);
  });
});

describe("take and skip", () => {
  test("cut the dataset in two, sharing its bytes", () => {
    expect(labelsOf(ten.take(3))).toEqual([0, 1, 2]);
    expect(labelsOf(ten.skip(7))).toEqual([7, 8, 9]);
    expectPairs(ten.skip(7));
    expect(ten.skip(7).images.data.buffer).toBe(ten.images.data.buffer);
    expect(ten.skip(0).size).toBe(10);
    expect(ten.take(10).size).toBe(10);
  });

  test.for([0, -1, 11, 2.5, Number.NaN])("take refuses %d of 10", (count) => {
    expect(() => ten.take(count)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "count" }) as Error,
    );
  });

  test.for([-1, 10, 2.5, Number.NaN])("skip refuses %d of 10", (count) => {
    expect(() => ten.skip(count)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "count" }) as Error,
    );
  });
});

describe("split", () => {
  test("keeps the order without a seed", () => {
    const [first, second] = ten.split(0.8);
    expect([labelsOf(first), labelsOf(second)]).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test("chooses at random with one, the same each time", () => {
    const [first, second] = ten.split(0.8, { seed: 1 });
    expect(labelsOf(first)).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(labelsOf(ten.split(0.8, { seed: 1 })[1])).toEqual(labelsOf(second));
    expect(labelsOf(ten.split(0.8, { seed: 2 })[1])).not.toEqual(labelsOf(second));
  });

  test("loses and doubles no image, whatever the share", () => {
    const shares = fc.double({ min: 0.06, max: 0.94, noNaN: true });
    fc.assert(
      fc.property(shares, fc.option(fc.nat(), { nil: undefined }), (fraction, seed) => {
        const [first, second] = ten.split(fraction, seed === undefined ? {} : { seed });
        expect(first.size).toBe(Math.round(10 * fraction));
        expectPairs(first);
        expectPairs(second);
        const all = [...labelsOf(first), ...labelsOf(second)];
        expect(all.toSorted((a, b) => a - b)).toEqual(labelsOf(ten));
      }),
    );
  });

  test.for([0, 1, -0.5, 1.5, 0.01, 0.99, Number.NaN])("refuses a share of %d of 10 images", (fraction) => {
    expect(() => ten.split(fraction)).toThrow(expect.objectContaining({ option: "fraction" }) as Error);
  });
});

describe("shuffle", () => {
  test("moves every image with its label, the same way for the same seed", () => {
    const shuffled = ten.shuffle({ seed: 3 });
    expectPairs(shuffled);
    expect(labelsOf(shuffled)).not.toEqual(labelsOf(ten));
    expect(labelsOf(shuffled).toSorted((a, b) => a - b)).toEqual(labelsOf(ten));
    expect(labelsOf(ten.shuffle({ seed: 3 }))).toEqual(labelsOf(shuffled));
    expect(labelsOf(ten.shuffle({ seed: 4 }))).not.toEqual(labelsOf(shuffled));
  });

  test("leaves the dataset it came from as it was", () => {
    ten.shuffle({ seed: 3 });
    expect(labelsOf(ten)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expectPairs(ten);
  });

  test("refuses a seed that is none", () => {
    expect(() => ten.shuffle({ seed: -1 })).toThrow(expect.objectContaining({ option: "seed" }) as Error);
  });
});
