import { saveBundle } from "@featuremap/formats";
import { Dense, Flatten, type Layer, Sequential, Softmax } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/saved-model.ts";
import { evaluate } from "./evaluate.ts";

const folder = temporaryFolder();

test("the loss of a model that gives logits is that of the same model with a softmax", async () => {
  const results = [];
  for (const last of [[], [new Softmax()]] satisfies Layer[][]) {
    const model = new Sequential([new Flatten({ inputShape: [28, 28, 1] }), new Dense({ units: 10 }), ...last], {
      seed: 1,
    });
    const path = folder.path(`${last.length}`);
    await saveBundle(model, path, {
      preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
      labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    });
    results.push(await evaluate({ bundle: path, dataset: "mnist", device: "cpu", limit: 64 }));
  }
  const [logits, probabilities] = results;
  expect(logits?.loss).toBeCloseTo(probabilities?.loss ?? Number.NaN, 5);
  expect(logits?.accuracy).toBe(probabilities?.accuracy);
});
