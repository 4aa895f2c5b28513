import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { distinctValues, gradientMismatches } from "@featuremap/operations/~internal/testing/numerical-gradient";
import { deserializeLayer } from "../../saving/serialization.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { BatchNormalization, type BatchNormalizationConfig } from "./batch-normalization.ts";

useBackend(registerGradients);

function built(config: BatchNormalizationConfig, shape: readonly number[]): BatchNormalization {
  const layer = new BatchNormalization(config);
  layer.build([null, ...shape.slice(1)]);
  return layer;
}

describe("BatchNormalization", () => {
  checkLayerContract(() => new BatchNormalization(), { inputShape: [3, 2, 4, 3] });

  describe("with its channels first", () => {
    checkLayerContract(() => new BatchNormalization({ axis: 1 }), { inputShape: [3, 2, 4, 3] });
  });

  test.for<[string, BatchNormalizationConfig]>([
    ["by default", {}],
    ["with channels first", { axis: 1 }],
    ["without scale", { scale: false }],
  ])("has, while training, the slope that differences show: %s", ([, config]) => {
    const shape = [3, 2, 3, 2];
    const layer = built(config, shape);
    const f = (x: tf.Tensor): tf.Tensor => layer.call(x, { training: true });
    expect(gradientMismatches(f, [distinctValues(shape, -2, 2, 3)])).toEqual([]);
    layer.dispose();
  });

  test("gives each channel mean 0 and deviation 1 while training, far from zero too", () => {
    const layer = built({ epsilon: 0 }, [64, 2]);
    const [mean, deviation] = tf.tidy(() => {
      const output = layer.call(tf.add(distinctValues([64, 2], -1, 1), 1000), { training: true });
      const { mean: center, variance } = tf.moments(output, 0);
      return [center.arraySync(), tf.sqrt(variance).arraySync()] as number[][];
    });
    for (const value of mean ?? []) expect(Math.abs(value)).toBeLessThan(1e-3);
    for (const value of deviation ?? []) expect(Math.abs(value - 1)).toBeLessThan(1e-3);
    layer.dispose();
  });

  test("keeps its moving moments while predicting, and while it is frozen", async () => {
    const layer = built({}, [4, 3]);
    const input = distinctValues([4, 3]);
    const before = await layer.getWeights();
    tf.dispose(tf.tidy(() => layer.call(input, { training: false })));
    layer.trainable = false;
    const [frozen, predicted] = tf.tidy(() => [
      layer.call(input, { training: true }),
      layer.call(input, { training: false }),
    ]);
    expect(frozen.dataSync()).toEqual(predicted.dataSync());
    expect(await layer.getWeights()).toEqual(before);
    expect(layer.trainableWeights).toEqual([]);
    tf.dispose([input, frozen, predicted]);
    layer.dispose();
  });

  test("trains gamma and beta, and nothing else", () => {
    const layer = built({}, [4, 3]);
    expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["gamma", "beta"]);
    expect(layer.nonTrainableWeights.map(({ name }) => name)).toEqual(["moving_mean", "moving_variance"]);
    layer.dispose();
  });

  test("lets a NaN spoil its own channel alone", () => {
    const layer = built({}, [2, 2]);
    const output = tf.tidy(() => layer.call(tf.tensor2d([Number.NaN, 1, 0, 3], [2, 2]), { training: true }).dataSync());
    expect([...output].map(Number.isNaN)).toEqual([true, false, true, false]);
    expect([...(layer.movingMean?.variable.dataSync() ?? [])].map(Number.isNaN)).toEqual([true, false]);
    layer.dispose();
  });

  test.for<[keyof BatchNormalizationConfig, BatchNormalizationConfig]>([
    ["axis", { axis: 0.5 }],
    ["momentum", { momentum: 1.5 }],
    ["momentum", { momentum: Number.NaN }],
    ["epsilon", { epsilon: -1 }],
    ["renormMomentum", { renorm: true, renormMomentum: 2 }],
    ["renormClipping", { renorm: true, renormClipping: { rmin: 2, rmax: 1 } }],
    ["renormClipping", { renorm: true, renormClipping: { dmax: -1 } }],
    ["gammaInitializer", { gammaInitializer: "uno" as "ones" }],
    ["movingMeanInitializer", { movingMeanInitializer: "null" as "zeros" }],
    ["betaRegularizer", { betaRegularizer: "l3" as "l2" }],
    ["gammaConstraint", { gammaConstraint: "positive" as "nonNeg" }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new BatchNormalization(config);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["channels that are unknown", [null, 4, null], {}],
    ["no such axis", [null, 4], { axis: 2 }],
  ] as const)("rejects %s", ([, shape, config]) => {
    expect(() => new BatchNormalization(config).outputShape(shape)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });

  test("rejects other channels than it was built for", () => {
    const layer = built({}, [4, 3]);
    expect(() => layer.outputShape([4, 5])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    layer.dispose();
  });

  test("takes the axis in a list, as older versions of Keras wrote it", () => {
    const config = { ...new BatchNormalization().getConfig(), axis: [3] };
    const layer = deserializeLayer({ class_name: "BatchNormalization", config }, "test");
    expect(layer).toMatchObject({ axis: 3 });
  });

  test("loads weights in Keras's order", () => {
    const layer = built({}, [4, 1]);
    layer.setWeights([2, 3, 4, 5].map((value) => new HostArray(Float32Array.of(value), [1])));
    expect(layer.gamma?.variable.dataSync()[0]).toBe(2);
    expect(layer.beta?.variable.dataSync()[0]).toBe(3);
    expect(layer.movingVariance?.variable.dataSync()[0]).toBe(5);
    layer.dispose();
  });
});
