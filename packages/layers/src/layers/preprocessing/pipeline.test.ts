import { readFileSync } from "node:fs";
import { type FixedShape, HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as layers from "../../index.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { deserializeLayer } from "../../saving/serialization.ts";

useBackend(registerGradients);

interface Golden {
  readonly layer: object;
  readonly input: { readonly values: readonly number[]; readonly shape: FixedShape };
  readonly output: { readonly values: readonly number[]; readonly shape: FixedShape };
  readonly models: readonly object[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../fixtures/models/pipelines.json", import.meta.url), "utf8"),
) as Golden;

describe("Pipeline", () => {
  checkLayerContract(
    () =>
      new layers.Pipeline({
        layers: [
          new layers.Dense({ units: 2 }),
          new layers.Dense({ units: 3 }),
          new layers.GaussianNoise({ stddev: 0.5 }),
        ],
      }),
    { inputShape: [2, 4] },
  );

  test("gives Keras's numbers", () => {
    const layer = deserializeLayer(golden.layer, "fixture");
    const output = layer.apply(new HostArray(Float32Array.from(golden.input.values), golden.input.shape));
    expect(output.shape).toEqual(golden.output.shape);
    [...output.dataSync()].forEach((value, index) => expect(value).toBeCloseTo(golden.output.values[index] ?? 0, 6));
    output.dispose();
  });

  test.for(golden.models.map((model) => [model] as const))(
    "in Keras's model %# is read and written as it was",
    ([model]) => {
      const read = layers.deserializeModel(model);
      // Keras tells of both inputs, by name, what it built a layer for, and that neither has a mask.
      const plain = (config: unknown): unknown =>
        JSON.parse(JSON.stringify(config), (key, value: unknown) =>
          /^(build_config|mask)$/.test(key) ? undefined : value,
        );
      expect(plain(layers.serializeModel(read))).toEqual(plain(model));
    },
  );

  test("hands labels to those that mix them, past the others", () => {
    const pipeline = new layers.Pipeline({
      layers: [
        new layers.RandomFlip(),
        new layers.MixUp({ alpha: 5, seed: 1 }),
        new layers.CenterCrop({ height: 2, width: 2 }),
      ],
    });
    const labels = tf.tidy(() => tf.eye(4).arraySync());
    const images = tf.zeros([4, 6, 6, 3]);
    const [cropped, mixed, ...more] = pipeline.applyAll([images, labels], { training: true });
    expect(cropped?.shape).toEqual([4, 2, 2, 3]);
    expect([...(mixed?.dataSync() ?? [])].some((share) => share > 0.1 && share < 0.9)).toBe(true);
    expect(more).toEqual([]);
    expect(
      pipeline.inferShapes([
        [null, 6, 6, 3],
        [null, 4],
      ]),
    ).toEqual([
      [null, 2, 2, 3],
      [null, 4],
    ]);
    tf.dispose([images, cropped, mixed] as tf.Tensor[]);
  });

  test("has a path for the weights and the draws of each layer inside", () => {
    const make = (): layers.Sequential =>
      new layers.Sequential(
        [
          layers.Input({ shape: [4] }),
          new layers.Pipeline({
            name: "head",
            layers: [
              new layers.Dense({ units: 2 }),
              new layers.GaussianNoise({ stddev: 0.5 }),
              new layers.Dense({ units: 2 }),
            ],
          }),
        ],
        { seed: 3 },
      );
    const [model, copy] = [make(), make()];
    expect([...model.namedWeights().keys()]).toEqual([
      "head/dense/kernel",
      "head/dense/bias",
      "head/dense_1/kernel",
      "head/dense_1/bias",
    ]);
    const noisy = (of: layers.Model): number[] =>
      tf.tidy(() => of.callAll([tf.ones([1, 4])], { training: true }).flatMap((output) => [...output.dataSync()]));
    const first = noisy(model);
    expect(noisy(copy)).toEqual(first);
    expect(noisy(model)).not.toEqual(first);
    copy.restoreRandomStates(model.randomStates());
    expect(noisy(copy)).toEqual(noisy(model));
    model.trainable = false;
    expect(model.trainableWeights).toEqual([]);
    model.dispose();
    copy.dispose();
  });

  test("adds the costs of layers inside to the loss", () => {
    const pipeline = new layers.Pipeline({ layers: [new layers.ActivityRegularization({ l1: 0.5 })] });
    const losses: tf.Tensor[] = [];
    const cost = tf.tidy(() => {
      pipeline.callAll([tf.ones([2, 3])], { training: true, losses });
      return losses.map((loss) => loss.dataSync()[0]);
    });
    expect(cost).toEqual([1.5]);
  });

  test("tells of the work inside by its path", () => {
    const pipeline = new layers.Pipeline({
      name: "p",
      layers: [new layers.UpSampling2D({ size: 3 }), new layers.Flatten()],
    });
    expect(pipeline.measure([[1, 2, 2, 1]])).toMatchObject({ largest: { amount: 36, layer: "p/up_sampling2d" } });
  });

  test.for([[3], [[3]], [null], ["Dense"]])("rejects values that are not layers: %j", ([given]) => {
    expect(() => new layers.Pipeline({ layers: given as unknown as layers.Layer[] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "layers" }),
    );
  });

  test("rejects a layer that is there twice", () => {
    const layer = new layers.Flatten();
    expect(() => new layers.Pipeline({ layers: [layer, layer] })).toThrow(/layers must be a list of different layers/);
  });
});
