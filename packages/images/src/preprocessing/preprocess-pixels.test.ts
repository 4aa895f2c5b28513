import { describe, expect, test } from "vitest";
import { RandomStream, ShapeError } from "@featuremap/tensor";
import { resize } from "../augment/crops.ts";
import type { Pixels } from "../pixels.ts";
import { preprocessPixels } from "./preprocess-pixels.ts";
import golden from "./preprocess-pixels.golden.json" with { type: "json" };
import { type Preprocessing, plainPreprocessing } from "./preprocessing.ts";

function grey(rows: readonly (readonly number[])[]): Pixels {
  return { data: Uint8Array.from(rows.flat()), width: rows[0]?.length ?? 0, height: rows.length };
}

function run(pixels: Pixels, size: readonly [number, number], changes: Partial<Preprocessing> = {}): number[] {
  const channels = changes.channels ?? "grayscale";
  return [...preprocessPixels(pixels, { ...plainPreprocessing(size, channels), ...changes }).data];
}

const close = (values: readonly number[]): number[] => values.map((value) => expect.closeTo(value, 4) as number);

test("blue comes first where the description says so, with the mean of blue", () => {
  const pixels = { data: Uint8Array.of(10, 20, 30, 40, 50, 60), width: 2, height: 1 };
  const caffe = { channels: "rgb", channelOrder: "bgr", mean: [1, 2, 3] } as const;
  expect(run(pixels, [1, 2], caffe)).toEqual([29, 18, 7, 59, 48, 37]);
});

describe("bilinear resizing", () => {
  test("keeps a picture of the right size bit for bit", () => {
    const pixels = grey([
      [0, 1, 255],
      [7, 99, 128],
    ]);
    expect(run(pixels, [2, 3])).toEqual([...pixels.data]);
  });

  test("samples at half-pixel centres: two pixels become four at -1/4, 1/4, 3/4, 5/4", () => {
    expect(run(grey([[0, 100]]), [1, 4])).toEqual([0, 25, 75, 100]);
    expect(run(grey([[0], [100]]), [4, 1])).toEqual([0, 25, 75, 100]);
  });

  test("mixes four neighbours", () => {
    const pixels = grey([
      [0, 100],
      [200, 40],
    ]);
    // The one output pixel stands in the middle of all four: (0 + 100 + 200 + 40) / 4.
    expect(run(pixels, [1, 1])).toEqual([85]);
    // Row 1 stands a quarter of the way down, column 1 a quarter of the way right.
    const [, , , , , second] = run(pixels, [4, 4]);
    expect(second).toBeCloseTo(0.75 * (0.25 * 100) + 0.25 * (0.75 * 200 + 0.25 * 40), 4);
  });

  test("halves by the mean of pairs", () => {
    expect(run(grey([[10, 20, 30, 60]]), [1, 2])).toEqual([15, 45]);
  });
});

describe("nearest resizing", () => {
  test("takes the pixel under each output centre", () => {
    expect(run(grey([[1, 2, 3]]), [1, 6], { resize: "nearest" })).toEqual([1, 1, 2, 2, 3, 3]);
    // Centres at 0.83, 2.5 and 4.17.
    expect(run(grey([[1, 2, 3, 4, 5]]), [1, 3], { resize: "nearest" })).toEqual([1, 3, 5]);
  });
});

describe("cropping", () => {
  test("cuts the sides off a wide picture", () => {
    const wide = grey([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(run(wide, [2, 2], { crop: "center" })).toEqual([2, 3, 6, 7]);
  });

  test("cuts top and bottom off a tall picture", () => {
    expect(run(grey([[1], [2], [3], [4], [5]]), [1, 1], { crop: "center" })).toEqual([3]);
  });

  test("lets nothing outside the cut shine in", () => {
    const edges = grey([[255, 0, 0, 255]]);
    expect(run(edges, [2, 4], { crop: "center" })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("stretches the whole picture where none is asked for", () => {
    expect(run(grey([[10, 20, 30, 40]]), [1, 1])).toEqual([25]);
  });
});

describe("channels", () => {
  const orange: Pixels = { data: Uint8Array.from([255, 128, 0]), width: 1, height: 1 };

  test("colour becomes grey by BT.601 luma", () => {
    expect(run(orange, [1, 1])).toEqual(close([0.299 * 255 + 0.587 * 128]));
  });

  test("colour stays colour", () => {
    expect(run(orange, [1, 1], plainPreprocessing([1, 1], "rgb"))).toEqual([255, 128, 0]);
  });

  test("grey becomes three equal channels", () => {
    expect(run(grey([[9]]), [1, 1], plainPreprocessing([1, 1], "rgb"))).toEqual([9, 9, 9]);
  });

  test("alpha is ignored, as where RGB is read from the file", () => {
    const pair: Pixels = { data: Uint8ClampedArray.from([200, 100, 50, 51, 100, 0, 0, 0]), width: 2, height: 1 };
    expect(run(pair, [1, 1], plainPreprocessing([1, 1], "rgb"))).toEqual([150, 50, 25]);
  });
});

describe("alpha that a model takes", () => {
  const two: Pixels = { data: Uint8Array.of(10, 20, 30, 0, 50, 60, 70, 200), width: 2, height: 1 };

  test("is a fourth channel, resized as the others are and scaled like them", () => {
    expect(run(two, [1, 2], { channels: "rgba" })).toEqual([...two.data]);
    expect(run(two, [1, 1], { channels: "rgba", scale: 0.5 })).toEqual([15, 20, 25, 50]);
    expect(run(two, [1, 1], { channels: "rgba", resize: "nearest" })).toEqual([50, 60, 70, 200]);
  });

  test("is opaque in pictures without, and nothing in borders that are added, as in Keras", () => {
    expect(run(grey([[7]]), [1, 1], { channels: "rgba" })).toEqual([7, 7, 7, 255]);
    const padded = run(two, [2, 2], { channels: "rgba", crop: "pad", resize: "bicubic" });
    expect(padded.filter((_, at) => at % 4 === 3).toSorted((one, other) => one - other)).toEqual([0, 0, 0, 200]);
    expect(padded).toHaveLength(16);
  });
});

test("scale comes first, then mean, then standard deviation, each channel with its own", () => {
  const pixels: Pixels = { data: Uint8Array.from([255, 51, 0]), width: 1, height: 1 };
  const description: Preprocessing = {
    ...plainPreprocessing([1, 1], "rgb", 1 / 255),
    mean: [0.5, 0.1, 0.25],
    standardDeviation: [0.5, 0.2, 0.1],
  };
  expect([...preprocessPixels(pixels, description).data]).toEqual(close([1, 0.5, -2.5]));
});

test("the result has shape height, width, channels", () => {
  expect(preprocessPixels(grey([[1, 2, 3]]), plainPreprocessing([4, 5], "rgb")).shape).toEqual([4, 5, 3]);
});

test.for([
  [5, 2, 2],
  [8, 2, 2],
  [0, 0, 0],
  [3, 1.5, 2],
  [4, -2, -2],
])("refuses %d bytes for %d x %d", ([length, width, height]) => {
  const pixels = { data: new Uint8Array(length ?? 0), width: width ?? 0, height: height ?? 0 };
  expect(() => run(pixels, [1, 1])).toThrow(ShapeError);
});

describe("agrees with Keras's smart_resize, tf.image.resize and resize_with_pad", () => {
  test.for(golden)("$height x $width to $size, $resize, crop $crop", (picture) => {
    const { height, width, output } = picture;
    const [targetHeight = 0, targetWidth = 0] = picture.size;
    const values = run({ data: Uint8Array.from(picture.pixels), width, height }, [targetHeight, targetWidth], {
      ...plainPreprocessing([targetHeight, targetWidth], "rgb"),
      resize: picture.resize as Preprocessing["resize"],
      crop: picture.crop as Preprocessing["crop"],
    });
    expect(values).toHaveLength(output.length);
    const levels = output.map((level) => Math.min(255, Math.max(0, level)));
    const worst = values.reduce((most, value, index) => Math.max(most, Math.abs(value - (levels[index] ?? 0))), 0);
    // Of 255; TensorFlow mixes in float32, and the file holds four decimals. What is made of bytes is rounded to them.
    const isExact = picture.crop !== "pad" && ["bilinear", "nearest"].includes(picture.resize);
    expect(worst).toBeLessThan(isExact ? 2e-4 : 1.01);
  });
});

describe("gives a model the bytes that it was trained on", () => {
  const data = Uint8Array.from({ length: 9 * 14 * 3 }, (_, index) => (index * 7919) % 251);
  const picture = { data, width: 14, height: 9 };

  test.for(["nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"] as const)(
    "%s",
    (method) => {
      for (const crop of ["none", "center", "pad"] as const) {
        const fit = { cropToAspectRatio: crop === "center", padToAspectRatio: crop === "pad" };
        const operation = resize([6, 5], { interpolation: method, ...fit });
        const trained = operation.apply(picture, new RandomStream(1));
        const changes = { ...plainPreprocessing([6, 5], "rgb"), resize: method, crop };
        expect(run(picture, [6, 5], changes)).toEqual([...trained.data]);
      }
    },
  );

  test("grey is made before the resizing, as where files are decoded", () => {
    const changes = { resize: "bicubic", crop: "pad" } as const;
    const levels = Uint8Array.from({ length: 9 * 14 }, (_, pixel) => {
      const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 3);
      return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    });
    expect(run(picture, [6, 5], changes)).toEqual(run({ data: levels, width: 14, height: 9 }, [6, 5], changes));
  });
});
