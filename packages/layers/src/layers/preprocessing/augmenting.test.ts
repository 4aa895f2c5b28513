import { RandomStream, type FixedShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { Layer } from "../../layer/layer.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { CenterCrop } from "./center-crop.ts";
import { RandomBrightness } from "./colors/random-brightness.ts";
import { RandomContrast } from "./colors/random-contrast.ts";
import { RandomCrop } from "./geometry/random-crop.ts";
import { RandomFlip } from "./geometry/random-flip.ts";
import { RandomRotation } from "./geometry/random-rotation.ts";
import { RandomTranslation } from "./geometry/random-translation.ts";
import { RandomZoom } from "./geometry/random-zoom.ts";
import { Resizing } from "./resizing.ts";

useBackend(registerGradients);

type Seeded = { readonly seed?: number };
type Augmentation = Layer & { getRandomTransformation(shape: FixedShape): unknown };

const layers: readonly (readonly [string, (config: Seeded) => Augmentation])[] = [
  ["RandomFlip", (config) => new RandomFlip(config)],
  ["RandomRotation", (config) => new RandomRotation({ ...config, factor: 0.2, fillMode: "wrap" })],
  ["RandomTranslation", (config) => new RandomTranslation({ ...config, heightFactor: 0.2, widthFactor: [0, 0.1] })],
  ["RandomZoom", (config) => new RandomZoom({ ...config, heightFactor: 0.2, widthFactor: [0.1, 0.3] })],
  ["RandomContrast", (config) => new RandomContrast({ ...config, factor: 0.2, valueRange: [0, 1] })],
  ["RandomBrightness", (config) => new RandomBrightness({ ...config, factor: 0.2, valueRange: [0, 1] })],
  ["RandomCrop", (config) => new RandomCrop({ ...config, height: 3, width: 2 })],
];

/** What training makes of images. */
function trained(layer: Layer, shape: FixedShape = [4, 6, 5, 1]): number[] {
  return tf.tidy(() => [
    ...layer.call(tf.randomUniform([...shape], 0, 1, "float32", 1), { training: true }).dataSync(),
  ]);
}

describe.for(layers)("%s", ([name, make]) => {
  // RandomCrop keeps its promise of a shape when it predicts only where the images have it already.
  const inputShape = name === "RandomCrop" ? [2, 3, 2, 2] : [2, 6, 5, 2];
  checkLayerContract(() => make({ seed: 3 }), { inputShape });

  test("draws anew at each step, the same from the same seed, its own or the model's", () => {
    const [layer, again] = [make({ seed: 4 }), make({ seed: 4 })];
    const steps = (from: Layer) => Array.from({ length: 6 }, () => trained(from));
    const first = steps(layer);
    expect(new Set(first.map((values) => values.join())).size).toBeGreaterThan(2);
    expect(steps(again)).toEqual(first);
    const built = (seed: number): number[][] => {
      const seeded = make({});
      seeded.build([null, 6, 5, 1], new RandomStream(seed));
      return steps(seeded);
    };
    expect(built(1)).toEqual(built(1));
    expect(built(1)).not.toEqual(built(2));
  });

  test("rejects a seed that is not an integer, and inputs that are not images", () => {
    expect(() => make({ seed: 1.5 })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "seed" }));
    expect(() => make({}).outputShape([null, 4])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

const imageLayers: readonly (readonly [string, (config: Seeded) => Layer])[] = [
  ...layers,
  ["Resizing", () => new Resizing({ height: 3, width: 2 })],
  ["CenterCrop", () => new CenterCrop({ height: 3, width: 2 })],
  ["CenterCrop that enlarges", () => new CenterCrop({ height: 9, width: 8 })],
];
const formats = ["channelsLast", "channelsFirst"] as const;

test.for(imageLayers.flatMap(([name, make]) => formats.map((dataFormat) => [name, dataFormat, make] as const)))(
  "%s takes a single image without a batch too, %s",
  ([, dataFormat, make]) => {
    const [single, batch] = tf.tidy(() => {
      const config = { seed: 3, dataFormat };
      const image = tf.randomUniform([6, 6, 6], 0, 1, "float32", 2);
      const [alone, batched] = [make(config), make(config)].map((layer, index) => {
        const output = layer.call(index === 0 ? image : tf.expandDims(image), { training: true });
        expect(layer.outputShape(index === 0 ? [6, 6, 6] : [1, 6, 6, 6])).toEqual(output.shape);
        return { shape: output.shape, values: [...output.dataSync()] };
      });
      return [alone, batched];
    });
    expect([1, ...(single?.shape ?? [])]).toEqual(batch?.shape);
    expect(single?.values).toEqual(batch?.values);
  },
);

describe("prediction", () => {
  test.for(layers)("gives its input back: %s", ([, make]) => {
    const input = tf.ones([2, 6, 5, 1]);
    expect(make({}).call(input, { training: false })).toBe(input);
    input.dispose();
  });
});

describe("what is drawn", () => {
  const images = [4000, 10, 20, 1];
  const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

  /** Uniform between bounds: reaches near them, never past, and has their mean within four standard errors. */
  function expectUniform(values: readonly number[], lower: number, upper: number): void {
    const range = upper - lower;
    expect(smallest(values)).toBeGreaterThanOrEqual(lower);
    expect(largest(values)).toBeLessThanOrEqual(upper);
    expect(smallest(values)).toBeLessThan(lower + range * 0.01);
    expect(largest(values)).toBeGreaterThan(upper - range * 0.01);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - (lower + upper) / 2)).toBeLessThan((4 * range) / Math.sqrt(12 * values.length));
  }

  test("flips every other image", () => {
    const { flips } = new RandomFlip({ seed: 1 }).getRandomTransformation(images);
    const count = flips.filter(Boolean).length;
    expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt(1000));
  });

  test("turns by angles from share to share of a full turn", () => {
    const { angles } = new RandomRotation({ factor: [-0.1, 0.25], seed: 1 }).getRandomTransformation(images);
    expectUniform(angles, -36, 90);
  });

  test("moves by shares of height and width", () => {
    const layer = new RandomTranslation({ heightFactor: 0.2, widthFactor: [0.1, 0.3], seed: 1 });
    const { translations } = layer.getRandomTransformation(images);
    expectUniform(
      translations.map(([right]) => right),
      2,
      6,
    );
    expectUniform(
      translations.map(([, down]) => down),
      -2,
      2,
    );
  });

  test("zooms height and width apart, or alike", () => {
    const apart = new RandomZoom({ heightFactor: 0.2, widthFactor: [-0.5, -0.3], seed: 1 }).getRandomTransformation(
      images,
    );
    expectUniform(apart.heightZoom, 0.8, 1.2);
    expectUniform(apart.widthZoom, 0.5, 0.7);
    const alike = new RandomZoom({ heightFactor: 0.2, seed: 1 }).getRandomTransformation(images);
    expect(alike.widthZoom).toEqual(alike.heightZoom);
  });

  test("changes contrast and brightness within their ranges", () => {
    const contrast = new RandomContrast({ factor: [0.5, 0.2], seed: 1 }).getRandomTransformation(images);
    expectUniform(contrast.contrastFactor, 0.8, 1.5);
    const upwards = new RandomContrast({ factor: 0.4, seed: 1 }).getRandomTransformation(images);
    expectUniform(upwards.contrastFactor, 1, 1.4);
    const brightness = new RandomBrightness({ factor: [-0.1, 0.3], seed: 1, valueRange: [1, -1] });
    expectUniform(brightness.getRandomTransformation(images).rgbDelta, -0.2, 0.6);
  });

  test("cuts at every place there is, the same for a whole batch", () => {
    const layer = new RandomCrop({ height: 8, width: 17, seed: 1 });
    const corners = Array.from({ length: 400 }, () => layer.getRandomTransformation(images));
    expect(new Set(corners.map(([top]) => top))).toEqual(new Set([0, 1, 2]));
    expect(new Set(corners.map(([, left]) => left))).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe("RandomCrop", () => {
  test("promises the target's size, also where prediction leaves images whole, as Keras", () => {
    const layer = new RandomCrop({ height: 3, width: 2 });
    expect(layer.outputShape([null, 6, 5, 1])).toEqual([null, 3, 2, 1]);
    const input = tf.ones([2, 6, 5, 1]);
    expect(layer.call(input, { training: false })).toBe(input);
    input.dispose();
  });
});

describe("wrong options", () => {
  test.for<[string, string, () => Layer]>([
    ["RandomRotation", "factor", () => new RandomRotation({ factor: 1.5 })],
    ["RandomRotation", "factor", () => new RandomRotation({ factor: Number.NaN })],
    ["RandomRotation", "fillMode", () => new RandomRotation({ factor: 0.1, fillMode: "mirror" as "wrap" })],
    ["RandomRotation", "interpolation", () => new RandomRotation({ factor: 0.1, interpolation: "cubic" as "nearest" })],
    ["RandomRotation", "fillValue", () => new RandomRotation({ factor: 0.1, fillValue: Number.NaN })],
    ["RandomTranslation", "heightFactor", () => new RandomTranslation({ heightFactor: [0, 2], widthFactor: 0 })],
    ["RandomTranslation", "widthFactor", () => new RandomTranslation({ heightFactor: 0, widthFactor: -1.1 })],
    ["RandomZoom", "heightFactor", () => new RandomZoom({ heightFactor: -1 })],
    ["RandomZoom", "widthFactor", () => new RandomZoom({ heightFactor: 0, widthFactor: [0.1] as unknown as number })],
    ["RandomFlip", "mode", () => new RandomFlip("sideways" as "vertical")],
    ["RandomContrast", "factor", () => new RandomContrast({ factor: -0.1 })],
    ["RandomContrast", "valueRange", () => new RandomContrast({ factor: 0.1, valueRange: [0, Number.NaN] })],
    ["RandomBrightness", "factor", () => new RandomBrightness({ factor: 2 })],
    ["RandomBrightness", "valueRange", () => new RandomBrightness({ factor: 0.1, valueRange: 255 as never })],
    ["RandomCrop", "height", () => new RandomCrop({ height: 0, width: 1 })],
    ["RandomCrop", "width", () => new RandomCrop({ height: 1, width: 0.5 })],
  ])("%s rejects a wrong %s", ([, option, make]) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});
