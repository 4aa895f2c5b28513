import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadKeras, loadKerasWeights, saveKeras, saveKerasWeights } from "@featuremap/formats/keras";
import type { Model } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";
import { type Trainer, readKerasTraining, trainerFromKeras } from "@featuremap/training";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterAll, describe, expect, test } from "vitest";

/** Where `tooling/fixtures/formats/keras_exchange.py`, which runs this, has put Keras's files. */
const place = process.env["KERAS_EXCHANGE"];
if (place === undefined) throw new Error("tooling/fixtures/formats/keras_exchange.py runs this");

interface Prediction {
  readonly shape: readonly number[];
  readonly output: readonly number[];
}

interface Exchange {
  readonly cases: Readonly<Record<string, Prediction>>;
  readonly trainings: Readonly<Record<string, { readonly before: number[]; readonly after: number[] }>>;
}

/** The same float32 as the script's. */
function values(shape: readonly number[], step = 0): HostArray {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => (((index + 1) * 37 + step * 11) % 101) / 101);
  return new HostArray(data, [...shape]);
}

async function predict(model: Model): Promise<number[]> {
  const inputs = model.inputs.map(({ shape }, index) =>
    values([2, ...shape.slice(1).map((length) => length ?? 40)], index),
  );
  const [output] = model.predictAll(inputs);
  const data = [...((await output?.data()) ?? [])];
  output?.dispose();
  return data;
}

/** Steps on batches that the script makes too. */
async function steps(trainer: Trainer, first: number, count: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = first; step < first + count; step++) {
    const labels = Int32Array.from({ length: 6 }, (_, index) => (index * 3 + step) % 5);
    trainer.resetMetrics();
    const { loss = Number.NaN } = await trainer.trainOnBatch(values([6, 8, 8, 3], step), new HostArray(labels, [6]));
    losses.push(loss);
  }
  return losses;
}

function largestDifference(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return found.reduce((most, value, index) => {
    const reference = expected[index] ?? Number.NaN;
    return Math.max(most, Math.abs(value - reference) / Math.max(1, Math.abs(reference)));
  }, 0);
}

describe("files of Keras, and ours for Keras", async () => {
  // Gradients of its own save tensors, which the check of kernels takes for leaks.
  useBackend(allowSavedTensors);
  const exchange = JSON.parse(await readFile(join(place, "keras.json"), "utf8")) as Exchange;
  const ours: { cases: Record<string, { output: number[] }>; trainings: Record<string, unknown> } = {
    cases: {},
    trainings: {},
  };

  test.each(Object.entries(exchange.cases))("%s", async (name, { output }) => {
    const { model } = await loadKeras(join(place, `${name}.keras`));
    const found = await predict(model);
    expect(largestDifference(found, output)).toBeLessThan(1e-5);
    for (const ending of ["h5", "weights.h5", "weights.json"]) {
      const file = join(place, `${name}.${ending}`);
      if (!existsSync(file)) continue;
      for (const weight of model.weights) weight.assign(new HostArray(new Float32Array(weight.size), weight.shape));
      expect(await loadKerasWeights(model, file)).toEqual([]);
      expect(largestDifference(await predict(model), output)).toBeLessThan(1e-5);
    }
    const whole = join(place, `${name}.${existsSync(join(place, `${name}.h5`)) ? "h5" : "keras"}`);
    const legacy = await loadKeras(whole);
    expect(largestDifference(await predict(legacy.model), output)).toBeLessThan(1e-5);
    legacy.model.dispose();
    await saveKerasWeights(model, join(place, `ours-${name}.weights.h5`));
    const saving = saveKeras(model, join(place, `ours-${name}.keras`));
    const refusal = await saving.then(
      () => "",
      (error: unknown) => String(error),
    );
    const why = "in one model only";
    expect(refusal.includes(why) ? why : refusal).toBe(name === "shared-between-models" ? why : "");
    if (refusal === "") ours.cases[name] = { output: found };
    model.dispose();
  });

  test.each(Object.entries(exchange.trainings))("training with %s, from .h5", async (name, { after }) => {
    const { model, training, notes } = await loadKeras(join(place, `training-${name}.h5`));
    const trainer = trainerFromKeras(model, training);
    expect(notes).toEqual([]);
    expect(largestDifference(await steps(trainer, 3, after.length), after)).toBeLessThan(1e-5);
    trainer.dispose();
    model.dispose();
  });

  test.each(Object.entries(exchange.trainings))("training with %s", async (name, { after }) => {
    const loaded = await loadKeras(join(place, `training-${name}.keras`));
    if (loaded.training === undefined) throw new Error("Keras has written no training");
    const trainer = trainerFromKeras(loaded.model, loaded.training);
    expect(largestDifference(await steps(trainer, 3, after.length), after)).toBeLessThan(1e-5);
    const training = await readKerasTraining(trainer);
    await saveKeras(loaded.model, join(place, `ours-training-${name}.keras`), { training });
    ours.trainings[name] = { first: 3 + after.length, losses: await steps(trainer, 3 + after.length, 4) };
    trainer.dispose();
    loaded.model.dispose();
  });

  afterAll(() => writeFile(join(place, "featuremap.json"), JSON.stringify(ours)));
});
