import { type FixedShape, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as layers from "../../index.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { deserializeLayer } from "../../saving/serialization.ts";
import type { ImageTransformLayer } from "./image-transform-layer.ts";

useBackend(registerGradients);

type Seeded = { readonly seed?: number; readonly dataFormat?: layers.DataFormat };
type Augmentation = layers.Layer & Pick<ImageTransformLayer<never, unknown>, "getRandomTransformation">;

/** Every layer that draws. */
const drawing: Readonly<Record<string, (config: Seeded) => Augmentation>> = {
  AugMix: (config) => new layers.AugMix(config),
  CutMix: (config) => new layers.CutMix(config),
  MixUp: (config) => new layers.MixUp(config),
  RandAugment: (config) => new layers.RandAugment(config),
  RandomColorDegeneration: (config) => new layers.RandomColorDegeneration({ ...config, factor: 0.5 }),
  RandomColorJitter: (config) => new layers.RandomColorJitter({ ...config, brightnessFactor: 0.2, hueFactor: 0.5 }),
  RandomElasticTransform: (config) => new layers.RandomElasticTransform(config),
  RandomErasing: (config) => new layers.RandomErasing(config),
  RandomGaussianBlur: (config) => new layers.RandomGaussianBlur(config),
  RandomGrayscale: (config) => new layers.RandomGrayscale(config),
  RandomHue: (config) => new layers.RandomHue({ ...config, factor: 0.5 }),
  RandomInvert: (config) => new layers.RandomInvert(config),
  RandomPerspective: (config) => new layers.RandomPerspective(config),
  RandomPosterization: (config) => new layers.RandomPosterization({ ...config, factor: [1, 6] }),
  RandomSaturation: (config) => new layers.RandomSaturation({ ...config, factor: 0.7 }),
  RandomSharpness: (config) => new layers.RandomSharpness({ ...config, factor: 0.7 }),
  RandomShear: (config) => new layers.RandomShear({ ...config, xFactor: 0.5, yFactor: [0.1, 0.2] }),
  Solarization: (config) => new layers.Solarization({ ...config, additionFactor: 0.5, thresholdFactor: 0.5 }),
};

const shape: FixedShape = [4, 6, 5, 3];

function pictures(size: FixedShape = shape, seed = 1): tf.Tensor {
  return tf.randomUniform([...size], 0, 255, "float32", seed);
}

/** What training makes of images. */
function trained(layer: layers.Layer): number[] {
  return tf.tidy(() => [...layer.call(pictures(), { training: true }).dataSync()]);
}

describe.for(Object.entries(drawing))("%s", ([, make]) => {
  checkLayerContract(() => make({ seed: 3 }), { inputShape: [2, 6, 5, 3] });

  test("draws anew at each step, the same from the same seed, its own or the model's", () => {
    const [layer, again] = [make({ seed: 4 }), make({ seed: 4 })];
    const steps = (from: layers.Layer) => Array.from({ length: 6 }, () => trained(from));
    const first = steps(layer);
    expect(new Set(first.map((values) => values.join())).size).toBeGreaterThan(2);
    expect(steps(again)).toEqual(first);
    const state = layer.saveRandomState();
    const next = trained(layer);
    again.restoreRandomState(state);
    expect(trained(again)).toEqual(next);
    const built = (seed: number): number[][] => {
      const seeded = make({});
      seeded.build([null, 6, 5, 3], new RandomStream(seed));
      return steps(seeded);
    };
    expect(built(1)).toEqual(built(1));
    expect(built(1)).not.toEqual(built(2));
  });

  test("gives its input back when it predicts", () => {
    const input = pictures();
    expect(make({}).call(input, { training: false })).toBe(input);
    input.dispose();
  });

  test("does to a transposed image what it does to the image", () => {
    const [last, first] = tf.tidy(() => {
      const input = pictures();
      const transposed = tf.transpose(input, [0, 3, 1, 2]);
      const output = make({ seed: 5, dataFormat: "channelsFirst" }).call(transposed, { training: true });
      return [make({ seed: 5 }).call(input, { training: true }), tf.transpose(output, [0, 2, 3, 1])].map((images) =>
        images.dataSync(),
      );
    });
    expect(first).toEqual(last);
  });

  test("takes a single image, and refuses other shapes", () => {
    const output = tf.tidy(() => make({ seed: 5 }).call(pictures([6, 5, 3]), { training: true }).shape);
    expect(output).toEqual([6, 5, 3]);
    expect(() => make({}).outputShape([null, 4])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("layers without draws", () => {
  test.for([
    ["AutoContrast", () => new layers.AutoContrast(), true],
    ["CLAHE", () => new layers.ContrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [2, 2] }), true],
    ["Equalization", () => new layers.Equalization(), false],
  ] as const)("%s acts while predicting: %s", ([, make, predicts]) => {
    tf.tidy(() => {
      const input = pictures();
      const [predicted, learnt] = [false, true].map((training) => make().call(input, { training }).dataSync());
      expect(learnt).not.toEqual(input.dataSync());
      expect(predicted).toEqual(predicts ? learnt : input.dataSync());
    });
  });

  test("AutoContrast leaves a channel of one value as it is, as Keras does", () => {
    const values = tf.tidy(() => {
      const even = tf.mul(tf.ones([1, 2, 2, 1]), 77);
      return [...new layers.AutoContrast().apply(tf.concat([even, pictures([1, 2, 2, 1])], 3)).dataSync()];
    });
    expect(values.filter((_, index) => index % 2 === 0)).toEqual([77, 77, 77, 77]);
    expect(values.filter((_, index) => index % 2 === 1)).toEqual(expect.arrayContaining([0, 255]));
  });
});

describe("what is drawn", () => {
  const many = [4000, 10, 20, 3];
  const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  /** Uniform between bounds: reaches near them, never past, and has their mean within four standard errors. */
  function expectUniform(values: readonly number[], lower: number, upper: number): void {
    const range = upper - lower;
    expect(values.length).toBe(4000);
    expect(smallest(values)).toBeGreaterThanOrEqual(lower);
    expect(largest(values)).toBeLessThanOrEqual(upper);
    expect(smallest(values)).toBeLessThan(lower + range * 0.01);
    expect(largest(values)).toBeGreaterThan(upper - range * 0.01);
    expect(Math.abs(meanOf(values) - (lower + upper) / 2)).toBeLessThan((4 * range) / Math.sqrt(12 * values.length));
  }

  /** So many of all, within four standard errors. */
  function expectShare(chosen: readonly boolean[], share: number): void {
    const count = chosen.filter(Boolean).length;
    expect(Math.abs(count - share * chosen.length)).toBeLessThan(4 * Math.sqrt(chosen.length * share * (1 - share)));
  }

  test("factors of each image lie between their bounds", () => {
    const seed = 1;
    const degeneration = new layers.RandomColorDegeneration({ factor: [-0.2, 0.6], seed });
    expectUniform(degeneration.getRandomTransformation(many).factor, -0.2, 0.6);
    expectUniform(new layers.RandomSharpness({ factor: 0.8, seed }).getRandomTransformation(many).factor, 0, 0.8);
    const solarized = new layers.Solarization({ additionFactor: 0.4, thresholdFactor: [0.5, 1], seed });
    const { additions, thresholds } = solarized.getRandomTransformation(many);
    expectUniform(additions, 0, 102);
    // As in Keras, the smaller of two is a number of 255 and not a share.
    expectUniform(thresholds, 0.5, 255);
  });

  test("hue turns either way by up to half the factor", () => {
    const { factor } = new layers.RandomHue({ factor: [0.2, 0.6], seed: 1 }).getRandomTransformation(many);
    expectUniform(
      factor.map((turn) => Math.abs(turn)),
      0.1,
      0.3,
    );
    expectShare(
      factor.map((turn) => turn < 0),
      0.5,
    );
  });

  test("saturation is multiplied by the odds of the factor", () => {
    const { factor } = new layers.RandomSaturation({ factor: [0.25, 0.75], seed: 1 }).getRandomTransformation(many);
    expectUniform(
      factor.map((odds) => odds / (1 + odds)),
      0.25,
      0.75,
    );
  });

  test("shears go both ways at once or neither", () => {
    const layer = new layers.RandomShear({ xFactor: [0.1, 0.3], yFactor: [0, 0.4], seed: 1 });
    const { shearFactor } = layer.getRandomTransformation(many);
    expectUniform(
      shearFactor.map(([x]) => Math.abs(x)),
      0.1,
      0.3,
    );
    expectUniform(
      shearFactor.map(([, y]) => Math.abs(y)),
      0,
      0.4,
    );
    expectShare(
      shearFactor.map(([x]) => x < 0),
      0.5,
    );
    expect(shearFactor.every(([x, y]) => x * y >= 0)).toBe(true);
    const either = new layers.RandomShear({ xFactor: 0.3, seed: 1 }).getRandomTransformation(many);
    expectUniform(
      either.shearFactor.map(([x]) => x),
      -0.3,
      0.3,
    );
  });

  test("an image's chance is drawn from 0 to the factor, or between two", () => {
    const seed = 1;
    expectShare(new layers.RandomInvert({ seed }).getRandomTransformation(many).applyInversion, 0.5);
    const some = new layers.RandomInvert({ factor: [0.2, 0.4], seed });
    expectShare(some.getRandomTransformation(many).applyInversion, 0.3);
    expectShare(new layers.RandomGrayscale({ factor: 0.3, seed }).getRandomTransformation(many).shouldApply, 0.3);
    expectShare(new layers.RandomGaussianBlur({ seed }).getRandomTransformation(many).shouldApplyBlur, 0.5);
    expectShare(new layers.RandomErasing({ seed }).getRandomTransformation(many).applyErasing, 0.5);
    expectShare(new layers.RandomPerspective({ seed }).getRandomTransformation(many).applyPerspective, 0.5);
    const elastic = new layers.RandomElasticTransform({ factor: 0.5, seed });
    expectShare(elastic.getRandomTransformation([4000, 1, 1, 1]).applyTransform, 0.25);
  });

  test("a batch has one width of blur and one strength of distortion", () => {
    const blur = new layers.RandomGaussianBlur({ sigma: [0.2, 0.7], seed: 1 });
    const widths = Array.from({ length: 2000 }, () => blur.getRandomTransformation([1, 2, 2, 1]).blurFactor).flat();
    expectUniform(widths, 0.200001, 0.700001);
    const elastic = new layers.RandomElasticTransform({ scale: [0.2, 0.7], seed: 1 });
    const strengths = Array.from(
      { length: 4000 },
      () => elastic.getRandomTransformation([1, 2, 2, 1]).distortionFactor,
    );
    expectUniform(strengths, 0.2, 0.7);
    const { right, down } = elastic.getRandomTransformation([10, 20, 20, 3]);
    for (const noise of [right, down].map((field) => Array.from(field))) {
      expect(noise.length).toBe(4000);
      expect(Math.abs(meanOf(noise))).toBeLessThan(4 / Math.sqrt(4000));
      expect(Math.abs(meanOf(noise.map((value) => value ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    }
  });

  test("bits are lost so that the smaller factor and all below the larger are kept", () => {
    const layer = new layers.RandomPosterization({ factor: [3, 6], seed: 1 });
    expect(new Set(layer.getRandomTransformation(many).shiftFactor)).toEqual(new Set([5, 4, 3]));
    const five = new layers.RandomPosterization({ factor: [5, 5] }).getRandomTransformation(many);
    expect(new Set(five.shiftFactor)).toEqual(new Set([3]));
  });

  test("corners move by up to half of their distances", () => {
    const { startPoints, endPoints } = new layers.RandomPerspective({ scale: 0.5, seed: 1 }).getRandomTransformation(
      many,
    );
    expect(startPoints[0]).toEqual([
      [0, 0],
      [19, 0],
      [0, 9],
      [19, 9],
    ]);
    expectUniform(
      endPoints.map(([, [x]]) => x),
      19 * 0.75,
      19 * 1.25,
    );
    expectUniform(
      endPoints.map(([, , , [, y]]) => y),
      9 * 0.75,
      9 * 1.25,
    );
    expect(endPoints.every(([[x, y]]) => x === 0 && y === 0)).toBe(true);
  });

  test("boxes lie within their images, by shares of each side", () => {
    const { boxes } = new layers.RandomErasing({ scale: [0.04, 0.36], seed: 1 }).getRandomTransformation(many);
    expectUniform(
      boxes.map(([left, right]) => ((right - left) / 20) ** 2),
      0.04,
      0.36,
    );
    expectUniform(
      boxes.map(([, , top, bottom]) => ((bottom - top) / 10) ** 2),
      0.04,
      0.36,
    );
    expect(boxes.every(([left, right, top, bottom]) => left >= 0 && right <= 20 && top >= 0 && bottom <= 10)).toBe(
      true,
    );
  });

  test.for([0.2, 1, 5])("shares of MixUp are Beta's of %d", (alpha) => {
    const { mixWeight, permutationOrder } = new layers.MixUp({ alpha, seed: 1 }).getRandomTransformation(many);
    const variance = 1 / (4 * (2 * alpha + 1));
    expect(Math.abs(meanOf(mixWeight) - 0.5)).toBeLessThan(4 * Math.sqrt(variance / 4000));
    const spread = meanOf(mixWeight.map((share) => (share - 0.5) ** 2));
    // No fourth moment is above a quarter of the second.
    expect(Math.abs(spread - variance)).toBeLessThan(4 * Math.sqrt(variance / 4 / 4000));
    expect(permutationOrder.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 4000 }, (_, index) => index));
    expect(permutationOrder.filter((other, index) => other === index).length).toBeLessThan(10);
  });

  test("boxes of CutMix take what their weights leave, also where shares are next to 0 or 1", () => {
    for (const factor of [
      [0, 0],
      [1, 1],
    ] as const) {
      const { boxes, mixWeight } = new layers.CutMix({ factor, seed: 1 }).getRandomTransformation(many);
      const areas = boxes.map(([left, right, top, bottom]) => ((right - left) * (bottom - top)) / 200);
      areas.forEach((area, index) => expect(area + (mixWeight[index] ?? 0)).toBeCloseTo(1, 10));
      expect(mixWeight.every(Number.isFinite)).toBe(true);
      const ends = mixWeight.filter((weight) => weight < 0.001 || weight > 0.999).length;
      expect(ends > 3990).toBe(factor[0] === 0);
      if (factor[0] === 1) expectUniform(mixWeight, 0, 1);
    }
  });

  test("RandAugment and AugMix choose from all their layers", () => {
    const rand = new layers.RandAugment({ numOps: 3, seed: 1 });
    const steps = Array.from({ length: 200 }, () => rand.getRandomTransformation([1, 4, 4, 3]).steps);
    expect(steps.every((chosen) => chosen.length === 3)).toBe(true);
    expect(new Set(steps.flat().map(({ layer }) => layer)).size).toBe(11);
    const mix = new layers.AugMix({ allOps: false, numChains: 4, chainDepth: 2, seed: 1 });
    const drawn = Array.from({ length: 200 }, () => mix.getRandomTransformation([1, 4, 4, 3]));
    const chains = drawn.flatMap(({ chainTransforms }) => chainTransforms);
    expect(new Set(chains.flat().map(({ layer }) => layer)).size).toBe(7);
    expect(new Set(chains.map((chain) => chain.length))).toEqual(new Set([0, 1, 2]));
    for (const { chainMixingWeights, weightSample } of drawn) {
      expect(chainMixingWeights.length).toBe(4);
      expect(chainMixingWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(weightSample >= 0 && weightSample <= 1).toBe(true);
    }
  });

  test("noise fills a box within the value range", () => {
    const values = tf.tidy(() => {
      const layer = new layers.RandomErasing({ factor: [1, 1], scale: [1, 1], valueRange: [0, 1], seed: 1 });
      return [...layer.apply(tf.mul(tf.ones([1, 40, 40, 3]), 7), { training: true }).dataSync()];
    });
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const half = values.filter((value) => value === 0).length;
    expect(Math.abs(half - 2400)).toBeLessThan(4 * Math.sqrt(1200));
  });
});

describe("configs", () => {
  test("a shear in either direction is saved as Keras reads it, and read as Keras saves it", () => {
    const saved = { name: "shear", x_factor: [-0.2, 0.2], y_factor: [0, 0.5] };
    const layer = deserializeLayer({ class_name: "RandomShear", config: saved }, "test");
    expect(layer.getConfig()).toMatchObject({ x_factor: 0.2, y_factor: [0, 0.5] });
    expect(layer).toMatchObject({ xFactor: [-0.2, 0.2], yFactor: [0, 0.5] });
  });

  test("RandomGrayscale keeps its seed, which Keras takes and does not save", () => {
    expect(new layers.RandomGrayscale().getConfig()).not.toHaveProperty("seed");
    expect(new layers.RandomGrayscale({ seed: 3 }).getConfig()).toHaveProperty("seed", 3);
  });
});

describe("wrong options and images", () => {
  test.for<[string, string, () => layers.Layer]>([
    ["AugMix", "alpha", () => new layers.AugMix({ alpha: 0 })],
    ["AugMix", "numChains", () => new layers.AugMix({ numChains: 1.5 })],
    ["AutoContrast", "valueRange", () => new layers.AutoContrast({ valueRange: [1, 1] })],
    ["CutMix", "factor", () => new layers.CutMix({ factor: -0.5 })],
    ["Equalization", "bins", () => new layers.Equalization({ bins: 0 })],
    ["MixUp", "alpha", () => new layers.MixUp({ alpha: -1 })],
    ["RandAugment", "numOps", () => new layers.RandAugment({ numOps: 1e9 })],
    ["RandomColorJitter", "factor", () => new layers.RandomColorJitter({ hueFactor: 2 })],
    ["RandomElasticTransform", "fillMode", () => new layers.RandomElasticTransform({ fillMode: "mirror" as "wrap" })],
    ["RandomErasing", "fillValue", () => new layers.RandomErasing({ fillValue: [1, 2] as unknown as number })],
    ["RandomErasing", "scale", () => new layers.RandomErasing({ scale: 2 })],
    ["RandomGaussianBlur", "kernelSize", () => new layers.RandomGaussianBlur({ kernelSize: 4 })],
    ["RandomGaussianBlur", "sigma", () => new layers.RandomGaussianBlur({ sigma: 2 })],
    ["RandomGrayscale", "factor", () => new layers.RandomGrayscale({ factor: 2 })],
    ["RandomHue", "factor", () => new layers.RandomHue({ factor: -0.1 })],
    ["RandomPerspective", "scale", () => new layers.RandomPerspective({ scale: 1.5 })],
    ["RandomPosterization", "factor", () => new layers.RandomPosterization({ factor: 2.5 })],
    ["RandomShear", "xFactor", () => new layers.RandomShear({ xFactor: -0.1 })],
    ["Solarization", "thresholdFactor", () => new layers.Solarization({ thresholdFactor: 2 })],
    [
      "ContrastLimitedAdaptiveHistogramEqualization",
      "tileGridSize",
      () => new layers.ContrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [0, 1] }),
    ],
  ])("%s rejects a wrong %s", ([, option, make]) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    () => new layers.RandomHue({ factor: 0.1 }),
    () => new layers.RandomSaturation({ factor: 0.1 }),
    () => new layers.RandomGrayscale(),
    () => new layers.RandAugment(),
    () => new layers.RandomErasing({ fillValue: [1, 2, 3] }),
  ])("images of two channels are refused where colors are meant: %#", (make) => {
    expect(() => make().outputShape([null, 4, 4, 2])).toThrow(/must be images of .*3 channels/);
  });

  test("a file cannot ask for tables or kernels without end", () => {
    const file = (layer: layers.Layer): unknown =>
      JSON.parse(JSON.stringify(new layers.Sequential([layers.Input({ shape: [8, 8, 1] }), layer]).serialize()));
    for (const layer of [
      new layers.Equalization({ bins: 2 ** 30 }),
      new layers.RandomGaussianBlur({ kernelSize: 99_999 }),
      new layers.ContrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [99_999, 99_999] }),
    ]) {
      expect(() => layers.deserializeModel(file(layer))).toThrow(/limits\.elements/);
    }
  });
});
