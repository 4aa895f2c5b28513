import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { AveragePooling2D, Dense, Flatten, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { afterAll, beforeAll } from "vitest";

/** A folder that lives as long as a test file; call it once, at the file's top. */
export function temporaryFolder(): { path(name?: string): string } {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return { path: (name = "") => join(folder, name) };
}

/** Saves an untrained digit model, small enough for every test. */
export async function saveSmallModel(folder: string): Promise<void> {
  const model = new Sequential(
    [new Flatten({ inputShape: [28, 28, 1] }), new Dense({ units: 10, activation: "softmax" })],
    { name: "small", seed: 1 },
  );
  await saveBundle(model, folder, {
    preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
    labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    metrics: { accuracy: 0.1 },
    provenance: { made: "by a test" },
  });
  model.dispose();
}

/** Saves a model that takes seconds for a picture, as its limits allow. */
export async function saveSlowModel(folder: string): Promise<void> {
  const model = new Sequential([
    new AveragePooling2D({ poolSize: 255, strides: 1, padding: "same", inputShape: [256, 256, 1] }),
    new GlobalAveragePooling2D(),
    new Dense({ units: 2, activation: "softmax" }),
  ]);
  await saveBundle(model, folder, { preprocessing: plainPreprocessing([256, 256], "grayscale"), labels: ["a", "b"] });
  model.dispose();
}
