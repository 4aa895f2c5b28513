import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import {
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Sequential,
} from "@featuremap/layers";

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

/**
 * Saves an untrained classifier of pictures of 16 x 16, whose layers `seeing`, `normal` and `answer` have weights, under each path
 * with the names of its three classes.
 */
export async function saveTunableModel(labelsByPath: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const model = new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, inputShape: [16, 16, 3], activation: "relu", name: "seeing" }),
      new BatchNormalization({ name: "normal" }),
      new GlobalAveragePooling2D(),
      new Dropout({ rate: 0.3 }),
      new Dense({ units: 3, activation: "softmax", name: "answer" }),
    ],
    { seed: 3 },
  );
  const preprocessing = plainPreprocessing([16, 16], "rgb", 1 / 255);
  for (const [path, labels] of Object.entries(labelsByPath)) await saveBundle(model, path, { preprocessing, labels });
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
