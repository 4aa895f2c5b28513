import { Dataset } from "@featuremap/datasets";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { Trainer } from "../trainer.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

test("every epoch of a Dataset is its own: another order, and other random numbers", async () => {
  const seen: string[] = [];
  const numbers = Dataset.from([0, 1, 2, 3, 4, 5]).shuffle({ seed: 1 });
  const drawn = numbers.map((value, { epoch, random }) => ({ value, epoch, noise: random.uniform() }), { seed: 2 });
  const batches = drawn.batch(3).map((examples) => {
    seen.push(examples.map(({ value, epoch, noise }) => `${epoch}: ${value} ${noise}`).join());
    const x = new HostArray(
      Float32Array.from(examples, ({ value }) => value),
      [3, 1],
    );
    return {
      x,
      y: new HostArray(
        Int32Array.from(examples, ({ value }) => value % 2),
        [3],
      ),
    };
  });
  const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [1] })], { seed: 1 });
  const trainer = new Trainer(model, { loss: "sparseCategoricalCrossentropy" });
  await trainer.fit(batches, { epochs: 3 });
  trainer.dispose();
  model.dispose();
  expect(seen.map((batch) => batch[0])).toEqual(["0", "0", "1", "1", "2", "2"]);
  expect(new Set(seen).size).toBe(6);
});
