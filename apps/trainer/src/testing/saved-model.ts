import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { AveragePooling2D, Dense, Flatten, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";

export { temporaryFolder } from "@featuremap/testing/temporary-folder";

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
