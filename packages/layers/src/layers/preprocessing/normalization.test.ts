import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import golden from "../../fixtures/preprocessing/normalization.json" with { type: "json" };
import { deserializeLayer } from "../../saving/serialization.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { type GoldenArray, expectClose, hostArrayOf, tensorOf } from "../../testing/golden.ts";
import { Normalization } from "./normalization.ts";

useBackend(registerGradients);

const invalid = (option: string): unknown => expect.objectContaining({ code: "INVALID_CONFIG", option });
const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });

/** Expects the moments that a layer has found to be Keras's. */
async function expectMoments(layer: Normalization, weights: readonly GoldenArray[]): Promise<void> {
  const values = await layer.getWeights();
  tf.tidy(() => {
    weights.forEach((expected, index) => {
      const { data, shape } = values[index] ?? new HostArray(new Float32Array(), [0]);
      expectClose(tf.tensor(data, [...shape]), expected);
    });
  });
}

describe("Normalization", () => {
  checkLayerContract(() => new Normalization({ axis: [1, -1] }), { inputShape: [3, 2, 4, 3] });

  test.each(
    golden.flatMap((entry) =>
      entry.adapted === undefined ? [] : [[entry.name, { ...entry, adapted: entry.adapted }] as const],
    ),
  )("finds Keras's mean and variance: %s", async (_name, { layer: json, adapted, weights }) => {
    const data = hostArrayOf(adapted);
    const tensor = tensorOf(adapted);
    for (const given of [data, tensor, [data.slice(0, 4), { x: data.slice(4) }]]) {
      const layer = deserializeLayer(json, "fixture") as Normalization;
      await layer.adapt(given);
      await expectMoments(layer, weights);
      layer.dispose();
    }
    tensor.dispose();
  });

  test("takes batches that arrive later, and forgets those of the time before", async () => {
    const layer = new Normalization();
    await layer.adapt(HostArray.from([[100], [300]]));
    async function* batches() {
      yield await Promise.resolve(HostArray.from([[1], [2]]));
      yield HostArray.from([[6]]);
    }
    await layer.adapt(batches());
    expect((await layer.getWeights()).map(({ data }) => [...data])).toEqual([[3], [Math.fround(14 / 3)], [0]]);
    layer.dispose();
  });

  test("keeps precision where the mean is large", async () => {
    const layer = new Normalization();
    const batch = (start: number) =>
      HostArray.from(Array.from({ length: 1000 }, (_, index) => [1e6 + start + (index % 2)]));
    await layer.adapt([batch(0), batch(2)]);
    // 0, 1, 2 and 3 equally often.
    expect((await layer.getWeights()).map(({ data }) => data[0])).toEqual([1_000_001.5, 1.25, 0]);
    layer.dispose();
  });

  test("divides by no less than 1e-7", () => {
    const layer = new Normalization({ axis: null, mean: 1, variance: 0 });
    layer.build([null, 1]);
    expect([...tf.tidy(() => layer.call(tf.tensor2d([[1]])).dataSync())]).toEqual([0]);
  });

  test.for([
    ["axis", { axis: 0.5 }],
    ["variance", { mean: 1 }],
    ["variance", { variance: 1 }],
    ["variance", { mean: [1, 2], variance: 1 }],
    ["variance", { mean: 1, variance: -1 }],
    ["mean", { mean: [[1]], variance: [[1]] }],
    ["mean", { mean: Number.NaN, variance: 1 }],
  ] as const)("rejects a wrong %s: %j", ([option, config]) => {
    expect(() => new Normalization(config)).toThrow(invalid(option));
  });

  test("rejects inputs that do not fit", () => {
    expect(() => new Normalization().outputShape([null, null])).toThrow(shapeMismatch);
    expect(() => new Normalization({ axis: 2 }).outputShape([null, 3])).toThrow(shapeMismatch);
    expect(() => new Normalization({ mean: [1, 2], variance: [1, 2] }).outputShape([null, 3])).toThrow(shapeMismatch);
    const built = new Normalization();
    built.build([null, 3]);
    expect(() => built.outputShape([null, 4])).toThrow(shapeMismatch);
  });

  test("rejects data that does not fit, or is missing", async () => {
    const layer = new Normalization();
    await expect(layer.adapt([])).rejects.toThrow(invalid("data"));
    await expect(layer.adapt([HostArray.from([[1, 2]]), HostArray.from([[1]])])).rejects.toThrow(shapeMismatch);
    const given = new Normalization({ mean: 0, variance: 1 });
    await expect(given.adapt(HostArray.from([[1]]))).rejects.toThrow(invalid("mean"));
  });
});
