import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Sequential } from "../../model/sequential.ts";
import { deserializeModel, serializeModel } from "../../saving/serialization.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Dense } from "../core/dense.ts";
import { Flatten } from "../reshaping/flatten.ts";
import { Conv2D } from "../convolutional/conv2d.ts";
import { SpectralNormalization, type SpectralNormalizationConfig } from "./spectral-normalization.ts";

useBackend(registerGradients);

describe("SpectralNormalization", () => {
  checkLayerContract(() => new SpectralNormalization({ layer: new Conv2D({ filters: 2, kernelSize: 2 }) }), {
    inputShape: [2, 3, 3, 2],
  });

  test("brings the largest singular value to 1 while it trains, and leaves the kernel alone when it predicts", () => {
    const layer = new SpectralNormalization({ layer: new Dense({ units: 2, useBias: false }), powerIterations: 20 });
    layer.build([null, 2]);
    const values = HostArray.from([
      [4, 0],
      [0, 2],
    ]);
    layer.setWeights([values, HostArray.from([[0.3, 0.1]])]);
    const [kernel] = layer.weights;
    const input = tf.ones([1, 2]);
    tf.dispose(tf.tidy(() => layer.call(input, { training: false })));
    expect([...(kernel?.variable.dataSync() ?? [])]).toEqual([4, 0, 0, 2]);
    tf.dispose(tf.tidy(() => layer.call(input, { training: true })));
    const changed = [...(kernel?.variable.dataSync() ?? [])];
    [1, 0, 0, 0.5].forEach((value, index) => expect(changed[index]).toBeCloseTo(value, 5));
    input.dispose();
    layer.dispose();
  });

  test("leaves a kernel of zeros as it is", () => {
    const dense = new Dense({ units: 2, kernelInitializer: "zeros" });
    const layer = new SpectralNormalization({ layer: dense });
    layer.build([null, 2]);
    tf.dispose(tf.tidy(() => layer.call(tf.ones([1, 2]), { training: true })));
    expect([...dense.kernel.variable.dataSync()]).toEqual([0, 0, 0, 0]);
    layer.dispose();
  });

  test("stands in models, which name its weights and come back from their config", () => {
    const model = new Sequential([
      new SpectralNormalization({ layer: new Dense({ units: 2 }), inputShape: [3], name: "s" }),
    ]);
    expect([...model.namedWeights().keys()]).toEqual(["s/kernel", "s/vector_u", "s/bias"]);
    const copy = deserializeModel(JSON.parse(JSON.stringify(serializeModel(model))));
    expect(serializeModel(copy)).toEqual(serializeModel(model));
    for (const each of [model, copy]) each.dispose();
  });

  test("freezes the layer inside with it", () => {
    const layer = new SpectralNormalization({ layer: new Dense({ units: 2 }) });
    layer.build([null, 3]);
    expect(layer.trainableWeights.map(({ name }) => name)).toEqual(["kernel", "bias"]);
    layer.trainable = false;
    expect(layer.trainableWeights).toEqual([]);
    layer.dispose();
  });

  test.for<[string, Partial<SpectralNormalizationConfig>]>([
    ["layer", { layer: {} as Dense }],
    ["layer", { layer: new Sequential([new Flatten()]) }],
    ["powerIterations", { powerIterations: 0 }],
  ])("rejects a wrong %s: %o", ([option, config]) => {
    const make = () => new SpectralNormalization({ layer: new Dense({ units: 1 }), ...config });
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("rejects a layer without a kernel once it is built", () => {
    const layer = new SpectralNormalization({ layer: new Flatten() });
    expect(() => layer.build([null, 2, 2])).toThrow(/layer must be a layer that has a kernel/);
  });
});
