import { RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { cropPixels } from "../geometry/crop-pixels.ts";
import type { Pixels } from "../pixels.ts";
import { colorJitter } from "./colours.ts";
import { centerCrop, randomCrop, randomResizedCrop, resize } from "./crops.ts";
import { cutout, randomErasing } from "./erasing.ts";
import { randomFlipLeftRight, randomFlipUpDown } from "./flips.ts";
import { imageDataGenerator } from "./image-data-generator.ts";
import { type ImageOperation, isDescribed } from "./image-operation.ts";
import { describeOperation, imageOperation, operationMakerName } from "./operations.ts";
import { randomAffine, randomPerspective, randomRotation, randomTranslation, randomZoom } from "./warps.ts";

/** One description of each operation, as a file or a worker gets it. */
const descriptions: readonly (readonly [string, ...unknown[]])[] = [
  ["centerCrop", [5, 20]],
  ["colorJitter", { brightness: 0.4, contrast: [0.5, 1.5], saturation: 0.4, hue: 0.1 }],
  ["cutout", 4, 128],
  [
    "imageDataGenerator",
    { rotationRange: 20, widthShiftRange: 0.1, shearRange: 10, zoomRange: 0.2, channelShiftRange: 20 },
  ],
  ["pad", 2, 255],
  ["randAugment", 3, 15],
  ["randomAffine", { rotation: 0.1, translateX: 0.1, zoom: [-0.2, 0.1], shearY: 0.1 }],
  ["randomAutoContrast", 1],
  ["randomBrightness", 0.4],
  ["randomContrast", 0.5, 2],
  ["randomCrop", 6, 7],
  ["randomEqualize", 1],
  ["randomErasing", { probability: 1, value: "random" }],
  ["randomFlipLeftRight"],
  ["randomFlipUpDown", 0.7],
  ["randomGamma", 0.5, 2],
  ["randomGrayscale", 0.5],
  ["randomHue", 0.3],
  ["randomInvert"],
  ["randomPerspective", 0.5, 1],
  ["randomPosterize", 3],
  ["randomResizedCrop", [8, 9], { flip: 0.5 }],
  ["randomRotation", 0.2, { fillMode: "wrap" }],
  ["randomSaturation", 0.5, 1.5],
  ["randomSharpness", 0, 2],
  ["randomSolarize", 100],
  ["randomTranslation", 0.2, [-0.1, 0.3]],
  ["randomZoom", [-0.3, 0.3], null, { interpolation: "nearest" }],
  ["resize", [9, 4], { cropToAspectRatio: true, antialias: true }],
  ["trivialAugment"],
];

function operationOf([name, ...given]: readonly [string, ...unknown[]]): ImageOperation {
  return imageOperation({ name, arguments: given });
}

function picture(width: number, height: number, channels: 1 | 3 | 4): Pixels {
  return {
    data: Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 37 + (at >> 3)) % 256),
    width,
    height,
  };
}

/** Grey levels row by row. */
function rowsOf({ data, width, height }: Pixels): number[][] {
  return Array.from({ length: height }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

const counting: Pixels = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), width: 3, height: 3 };

describe("imageOperation", () => {
  test.for(descriptions)("makes %s again, which does the same from the same stream", (description) => {
    const operation = operationOf(description);
    const again = imageOperation(JSON.parse(JSON.stringify(describeOperation(operation))));
    for (const channels of [1, 3, 4] as const) {
      for (let seed = 0; seed < 5; seed++) {
        const given = picture(16, 12, channels);
        const result = operation.apply(given, new RandomStream(seed));
        expect(given).toEqual(picture(16, 12, channels));
        expect(result.data).toHaveLength(result.width * result.height * channels);
        expect(again.apply(given, new RandomStream(seed))).toEqual(result);
      }
    }
  });

  test.for(descriptions.filter(([name]) => name !== "randomCrop"))("%s leaves one pixel a picture", (description) => {
    const { data, width, height } = operationOf(description).apply(picture(1, 1, 3), new RandomStream(1));
    expect(data).toHaveLength(width * height * 3);
  });

  test("refuses to cut more out of a picture than it has", () => {
    expect(() => randomCrop(6, 7).apply(picture(7, 5, 3), new RandomStream(1))).toThrow("at most 5");
  });

  test("names options that do not exist", () => {
    expect(() => randomResizedCrop([4, 4], { flipp: 1 } as never)).toThrow("flipp");
    for (const [option, instead] of [
      ["rescale", "scale: 1 / 255"],
      ["validation_split", "imageDatasetFromDirectory(folder, { validationSplit"],
      ["validationSplit", "imageDatasetFromDirectory(folder, { validationSplit"],
      ["featurewise_center", "layer Normalization"],
      ["preprocessing_function", ".map(change)"],
      ["samplewise_center", ".map(change)"],
      ["samplewiseStdNormalization", ".map(change)"],
      ["zca_whitening", "there is no whitening here"],
      ["data_format", 'dataFormat: "channelsFirst" among'],
      ["interpolation_order", "bilinearly"],
      ["dtype", "bytes until their batch is written"],
    ] as const) {
      const call = (): unknown => imageDataGenerator({ [option]: 0.5 });
      expect(call).toThrow(`imageDataGenerator: ${option} must be left out (`);
      expect(call).toThrow(instead);
    }
  });

  test("takes options of Keras's that ask for nothing", () => {
    const plain = {
      rescale: null,
      zca_whitening: false,
      featurewiseCenter: false,
      validation_split: 0,
      horizontalFlip: true,
    };
    expect(imageDataGenerator(plain as object).arguments).toEqual([{ horizontalFlip: true }]);
  });

  test("tells operations with code of your own from those that a description makes", () => {
    for (const description of descriptions) expect(isDescribed(operationOf(description))).toBe(true);
    expect(isDescribed({ ...randomFlipLeftRight(), apply: (pixels) => pixels })).toBe(false);
  });

  test("names the nearest operation", () => {
    expect(() => imageOperation({ name: "randomFlipLeftright", arguments: [] })).toThrow(
      "did you mean randomFlipLeftRight?",
    );
    expect(() => imageOperation({ name: "constructor", arguments: [] })).toThrow("constructor");
  });
});

describe("operations", () => {
  const random = (): RandomStream => new RandomStream(7);

  test("flip, by chance or always", () => {
    expect(rowsOf(randomFlipLeftRight(1).apply(counting, random()))).toEqual([
      [3, 2, 1],
      [6, 5, 4],
      [9, 8, 7],
    ]);
    expect(rowsOf(randomFlipUpDown(1).apply(counting, random()))).toEqual([
      [7, 8, 9],
      [4, 5, 6],
      [1, 2, 3],
    ]);
    const stream = random();
    const flipped = Array.from({ length: 1000 }, () => randomFlipLeftRight().apply(counting, stream) !== counting);
    expect(flipped.filter(Boolean).length).toBeGreaterThan(440);
    expect(flipped.filter(Boolean).length).toBeLessThan(560);
  });

  test("turn counter-clockwise", () => {
    expect(rowsOf(randomRotation([0.25, 0.25]).apply(counting, random()))).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ]);
  });

  test("move down and to the right", () => {
    const third: [number, number] = [1 / 3, 1 / 3];
    const options = { fillMode: "constant", fillValue: 50 } as const;
    expect(rowsOf(randomTranslation(third, 0, options).apply(counting, random()))).toEqual([
      [50, 50, 50],
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const right = randomAffine({ translateX: third, ...options }).apply(counting, random());
    expect(rowsOf(right)).toEqual([
      [50, 1, 2],
      [50, 4, 5],
      [50, 7, 8],
    ]);
  });

  test("zoom out to more of the surroundings, and affinely in", () => {
    const out = randomZoom([1, 1], null, { fillMode: "constant" }).apply(picture(20, 20, 1), random());
    expect(out.data[0]).toBe(0);
    const nearest = { interpolation: "nearest" } as const;
    const enlarged = randomAffine({ zoom: [2, 2], ...nearest }).apply(counting, random());
    expect(rowsOf(enlarged)).toEqual([
      [5, 5, 5],
      [5, 5, 5],
      [5, 5, 5],
    ]);
  });

  test("move corners inwards", () => {
    const white = { data: new Uint8Array(400).fill(255), width: 20, height: 20 };
    const stream = random();
    const black = Array.from({ length: 20 }, () => {
      const { data } = randomPerspective(0.6, 1).apply(white, stream);
      return data.filter((level) => level === 0).length / data.length;
    });
    expect(Math.min(...black)).toBeGreaterThan(0);
    expect(Math.max(...black)).toBeLessThan(0.8);
  });

  test("cut within bounds: area, proportions, place", () => {
    const sizes = new Set<string>();
    const stream = random();
    for (let count = 0; count < 200; count++) {
      const cut = randomCrop(5, 3).apply(picture(7, 6, 1), stream);
      expect([cut.width, cut.height]).toEqual([3, 5]);
      sizes.add(String(cut.data[0]));
    }
    expect(sizes.size).toBe(2 * 5);
  });

  test("give a very wide picture's middle where no part of the right proportions fits", () => {
    const wide = picture(100, 1, 3);
    const { width, height } = randomResizedCrop([4, 4], { scale: [1, 1] }).apply(wide, random());
    expect([width, height]).toEqual([4, 4]);
  });

  test("tell from the size alone which part they need, and make the same of it", () => {
    const whole = picture(31, 22, 3);
    const crop = randomResizedCrop([5, 6], { flip: 0.5 });
    for (let seed = 0; seed < 50; seed++) {
      const expected = crop.apply(whole, new RandomStream(seed));
      const part = crop.ofPart?.({ width: 31, height: 22 }, new RandomStream(seed));
      const { left, top, width, height } = part?.box ?? { left: 0, top: 0, width: 0, height: 0 };
      const cut = cropPixels(whole, { left, top, width, height });
      const lines = cropPixels(whole, { left: 0, top, width: 31, height });
      expect(part?.apply(whole, part.box)).toEqual(expected);
      expect(part?.apply(cut, { left: 0, top: 0, width, height })).toEqual(expected);
      expect(part?.apply(lines, { left, top: 0, width, height })).toEqual(expected);
    }
  });

  test("crop to the centre, padding what is smaller", () => {
    expect(rowsOf(centerCrop([1, 5]).apply(counting, random()))).toEqual([[0, 4, 5, 6, 0]]);
    expect(rowsOf(resize([1, 3], { cropToAspectRatio: true }).apply(counting, random()))).toEqual([[4, 5, 6]]);
  });

  test("cover a part of the asked share", () => {
    const white = { data: new Uint8Array(10_000).fill(255), width: 100, height: 100 };
    const stream = random();
    for (let count = 0; count < 50; count++) {
      const erased = randomErasing({ probability: 1, scale: [0.1, 0.2] }).apply(white, stream);
      const share = erased.data.filter((level) => level === 0).length / 10_000;
      expect(share).toBeGreaterThan(0.09);
      expect(share).toBeLessThan(0.21);
    }
    expect(
      cutout(200)
        .apply(white, stream)
        .data.every((level) => level === 0),
    ).toBe(true);
  });

  test("change colours in a random order", () => {
    const stream = random();
    const results = Array.from({ length: 40 }, () =>
      colorJitter({ brightness: [1.5, 1.5], contrast: [0.5, 0.5] }).apply(counting, stream),
    );
    expect(new Set(results.map(({ data }) => data.join(" "))).size).toBe(2);
  });

  test("are Keras's generator: whole pixels from 1 on, shares below", () => {
    const stream = random();
    const shifts = Array.from({ length: 60 }, () =>
      imageDataGenerator({ widthShiftRange: 1.4, fillMode: "constant" }).apply(counting, stream),
    );
    expect(new Set(shifts.map(({ data }) => data.subarray(0, 3).join(" ")))).toEqual(
      new Set(["1 2 3", "0 1 2", "2 3 0"]),
    );
  });

  test.for([
    [() => randomResizedCrop([0, 4]), "size"],
    [() => randomResizedCrop([4, 4], { scale: [0.5, 0.1] }), "scale"],
    [() => colorJitter({ hue: 0.7 }), "hue"],
    [() => randomFlipLeftRight(2), "probability"],
    [() => randomRotation("much" as never), "factor"],
    [() => randomZoom(-0.1), "heightFactor"],
    [() => randomZoom([-2, 0]), "factors"],
    [() => randomErasing({ value: 300 }), "value"],
    [() => imageDataGenerator({ fillMode: "mirror" as never }), "fillMode"],
  ] as const)("refuse what they cannot do: %s", ([make, option]) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

test.for([
  ["resize", () => resize([1e6, 1e6])],
  ["centerCrop", () => centerCrop([1e6, 4])],
  ["randomResizedCrop", () => randomResizedCrop([4, 1e6])],
  ["resize", () => imageOperation({ name: "resize", arguments: [[1e6, 1e6]] })],
] as const)("%s refuses a size that no memory holds when it is made", ([name, make]) => {
  expect(make).toThrow(`${name}: size must be [height, width], integers in [1, 16384], received`);
});

test("operationMakerName knows the functions of this package, not what they make", () => {
  expect(operationMakerName(randomFlipLeftRight)).toBe("randomFlipLeftRight");
  expect(operationMakerName(randomFlipLeftRight())).toBeUndefined();
  expect(operationMakerName(() => {})).toBeUndefined();
});

describe("operations of this package", () => {
  test.for(descriptions)("refuse what is not a picture, and what draws nothing: %s", ([name, ...given]) => {
    const each = imageOperation({ name, arguments: given });
    const pixels = { data: new Uint8Array(12), width: 2, height: 2 };
    const none = [null, {}, { ...pixels, data: [1, 2, 3] }, { ...pixels, width: 0 }, { ...pixels, width: 3 }];
    for (const bad of none) {
      expect(() => each.apply(bad as unknown as Pixels, new RandomStream(1))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(INVALID_CONFIG|SHAPE_MISMATCH)$/) }),
      );
    }
    expect(() => each.apply(pixels, undefined as unknown as RandomStream)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "random" }),
    );
  });
});
