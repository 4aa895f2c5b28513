import { readFileSync } from "node:fs";
import { type FixedShape, HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as layers from "../../../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import type { AugmentationConfig } from "../augmentation-layer.ts";
import type { BatchMix, BatchMixingLayer } from "./batch-mixing-layer.ts";

useBackend(registerGradients);

interface GoldenLabels {
  readonly layer: "MixUp" | "CutMix";
  readonly given: BatchMix;
  readonly labels: { readonly values: readonly number[]; readonly shape: FixedShape };
  readonly mixed: { readonly values: readonly number[] };
}

const golden = JSON.parse(
  readFileSync(new URL("../../../fixtures/models/mixed-labels.json", import.meta.url), "utf8"),
) as readonly GoldenLabels[];

describe("labels", () => {
  test.for(golden)("$layer mixes them as Keras does", ({ layer, given, labels, mixed }) => {
    const values = tf.tidy(() => {
      const mixing = (layer === "MixUp" ? new layers.MixUp() : new layers.CutMix()) as unknown as BatchMixingLayer<
        AugmentationConfig,
        BatchMix
      >;
      return [...mixing.transformLabels(tf.tensor([...labels.values], [...labels.shape]), given).dataSync()];
    });
    values.forEach((value, index) => expect(value).toBeCloseTo(mixed.values[index] ?? Number.NaN, 6));
  });

  test.for([() => new layers.MixUp({ alpha: 1, seed: 2 }), () => new layers.CutMix({ seed: 2 })])(
    "belong to the images that they come with",
    (make) => {
      const count = 6;
      // Of images that are one-hot too, every pixel's mean is what the label must be.
      const eye = tf.tidy(() => tf.eye(count).arraySync());
      const images = tf.tidy(() =>
        tf.mul(tf.ones([count, 40, 40, count]), tf.reshape(tf.eye(count), [count, 1, 1, count])),
      );
      const [mixed, labels] = make().applyAll([images, eye], { training: true });
      const means = tf.tidy(() => (mixed === undefined ? [] : [...tf.mean(mixed, [1, 2]).dataSync()]));
      const shares = [...(labels?.dataSync() ?? [])];
      expect(shares.some((share) => share > 0.05 && share < 0.95)).toBe(true);
      shares.forEach((share, index) => expect(Math.abs(share - (means[index] ?? 0))).toBeLessThan(0.06));
      const back = make().applyAll([images, eye]);
      expect(back[0]?.dataSync()).toEqual(images.dataSync());
      expect(back[1]?.arraySync()).toEqual(eye);
      tf.dispose([mixed, labels, images, ...back] as tf.Tensor[]);
    },
  );

  test.for([() => new layers.MixUp({ alpha: 1, seed: 2 }), () => new layers.CutMix({ seed: 2 })])(
    "come and go by name as in Keras",
    (make) => {
      const images = new HostArray(
        Float32Array.from({ length: 4 * 9 }, (_, index) => index),
        [4, 3, 3, 1],
      );
      const labels = tf.tidy(() => tf.eye(4).arraySync());
      const mixed = make().apply({ images, labels }, { training: true });
      const [wantedImages, wantedLabels] = make().applyAll([images, labels], { training: true });
      expect(mixed.images.arraySync()).toEqual(wantedImages?.arraySync());
      expect(mixed.labels.arraySync()).toEqual(wantedLabels?.arraySync());
      expect(mixed.images.arraySync()).not.toEqual(images.toNested());
      tf.dispose([mixed.images, mixed.labels, wantedImages, wantedLabels] as tf.Tensor[]);
      const masked = { images, labels, segmentationMasks: images };
      expect(() => make().apply(masked)).toThrow(/apply: options must be among images, labels, received/);
      expect(() => make().apply({ images } as never)).toThrow(/must be a tensor.*received undefined/);
    },
  );

  test("of a graph are mixed beside the images", () => {
    const ends = [layers.Input({ shape: [4, 4, 1] }), layers.Input({ shape: [3] })];
    const outputs = new layers.MixUp().applyAll(ends);
    const model = new layers.Model({ inputs: ends, outputs });
    expect(model.outputShapes).toEqual([
      [null, 4, 4, 1],
      [null, 3],
    ]);
    const copy = layers.deserializeModel(JSON.parse(JSON.stringify(layers.serializeModel(model))));
    expect(layers.serializeModel(copy)).toEqual(layers.serializeModel(model));
  });

  test.for([
    [[4, 3, 3, 1], [4]],
    [
      [4, 3, 3, 1],
      [5, 2],
    ],
  ])("of the wrong shape are refused: %j, %j", ([images = [], labels = []]) => {
    const zeros = (lengths: FixedShape): HostArray =>
      new HostArray(new Float32Array(lengths.reduce((product, length) => product * length, 1)), lengths);
    const apply = (): unknown => new layers.CutMix().applyAll([zeros(images), zeros(labels)], { training: true });
    expect(apply).toThrow(/cut_mix: labels must be \((4|batch), classes\), one-hot/);
  });

  test.for([
    ["MixUp", () => new layers.MixUp({ seed: 1 })],
    ["CutMix", () => new layers.CutMix({ seed: 1 })],
  ] as const)("that are class indices in a column are refused by %s, shares of one class are not", ([, make]) => {
    const images = new HostArray(new Float32Array(36), [4, 3, 3, 1]);
    const layer = make();
    const indices = new HostArray(Int32Array.of(0, 1, 2, 1), [4, 1]);
    expect(() => layer.apply({ images, labels: indices }, { training: true })).toThrow(
      /labels must be \(4, classes\), one-hot, received \(4, 1\) of class indices/,
    );
    const mixed = layer.apply(
      { images, labels: new HostArray(Float32Array.of(0, 1, 1, 0), [4, 1]) },
      { training: true },
    );
    expect(mixed.labels.shape).toEqual([4, 1]);
    tf.dispose([mixed.images, mixed.labels]);
  });
});
