import type { Outputs } from "@featuremap/applications";
import { openDevice } from "@featuremap/devices";
import { Dense, Flatten, RandomNormal, Sequential } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { type BatchSource, HostArray, RandomStream } from "@featuremap/tensor";
import { Trainer } from "@featuremap/training";
import { expect, test } from "vitest";
import { judgeMirrored } from "./judge-mirrored.ts";
import { makeLoss } from "./loss.ts";

useBackend(() => openDevice("cpu"));

const count = 10;
const random = new RandomStream(4);
const pixels = Float32Array.from({ length: count * 2 * 5 * 3 }, () => random.uniform());
const classes = Array.from({ length: count }, () => random.integer(2));

/** Batches of four, with classes as indices, as one-hot rows or as 0 and 1. */
function batches(
  form: "int" | "categorical" | "binary",
  change: (picture: Float32Array) => Float32Array = (picture) => picture,
): BatchSource {
  const seen = classes.flatMap((_, place) => [...change(pixels.slice(place * 30, (place + 1) * 30))]);
  return {
    size: count,
    batchSize: 4,
    batchCount: 3,
    *batches(_epoch, from = 0) {
      for (let start = from * 4; start < count; start += 4) {
        const labels = classes.slice(start, start + 4);
        const size = labels.length;
        const x = new HostArray(Float32Array.from(seen.slice(start * 30, (start + size) * 30)), [size, 2, 5, 3]);
        const y =
          form === "int"
            ? new HostArray(Int32Array.from(labels), [size])
            : form === "binary"
              ? new HostArray(Float32Array.from(labels), [size, 1])
              : new HostArray(Float32Array.from(labels.flatMap((label) => (label === 0 ? [1, 0] : [0, 1]))), [size, 2]);
        yield { x, y, size };
      }
    },
  };
}

/** The picture turned around. */
function turned(picture: Float32Array): Float32Array {
  return Float32Array.from(picture, (_, index) => {
    const [row, column, channel] = [Math.floor(index / 15), Math.floor(index / 3) % 5, index % 3];
    return picture[row * 15 + (4 - column) * 3 + channel] ?? 0;
  });
}

test.for<[Outputs, "softmax" | "linear" | "sigmoid", "int" | "categorical" | "binary"]>([
  ["probabilities", "softmax", "int"],
  ["logits", "linear", "categorical"],
  ["binaryProbabilities", "sigmoid", "binary"],
  ["binaryLogits", "linear", "binary"],
])("the mean over both sides of %s", async ([outputs, activation, form]) => {
  const units = form === "binary" ? 1 : 2;
  const model = new Sequential([new Flatten({ inputShape: [2, 5, 3] }), new Dense({ units, activation })], { seed: 3 });
  const trainer = new Trainer(model);
  const judged = await judgeMirrored(model, batches(form), outputs, {});

  let [loss, right] = [0, 0];
  for (const [place, truth] of classes.entries()) {
    const picture = pixels.slice(place * 30, (place + 1) * 30);
    let second = 0;
    for (const side of [picture, turned(picture)]) {
      const { data } = await trainer.predict(new HostArray(side, [1, 2, 5, 3]));
      const [one = 0, other = 0] = data;
      if (outputs === "probabilities") second += other / 2;
      else if (outputs === "logits") second += 1 / (1 + Math.exp(one - other)) / 2;
      else second += (outputs === "binaryLogits" ? 1 / (1 + Math.exp(-one)) : one) / 2;
    }
    const share = truth === 1 ? second : 1 - second;
    loss -= Math.log(share) / count;
    if (share > 0.5) right += 1;
  }
  expect(judged.loss).toBeCloseTo(loss, 5);
  expect(judged.accuracy).toBe(right / count);
  const first = await judgeMirrored(model, batches(form), outputs, { steps: 1 });
  expect(Number.isInteger(first.accuracy * 4)).toBe(true);
  trainer.dispose();
  model.dispose();
});

test.for<[Outputs, "softmax" | "linear" | "sigmoid", "int" | "binary"]>([
  ["probabilities", "softmax", "int"],
  ["logits", "linear", "int"],
  ["binaryProbabilities", "sigmoid", "binary"],
  ["binaryLogits", "linear", "binary"],
])("of %s, an answer that is far from right costs what it costs in training", async ([outputs, activation, form]) => {
  const units = form === "binary" ? 1 : 2;
  const kernelInitializer = new RandomNormal({ stddev: 60 });
  const layers = [new Flatten({ inputShape: [2, 5, 3] }), new Dense({ units, activation, kernelInitializer })];
  const model = new Sequential(layers, { seed: 3 });
  const trainer = new Trainer(model, { loss: makeLoss(lossFor[form], { outputs }) });
  const images = batches(form, (picture) => picture.map((value, index) => value + (turned(picture)[index] ?? 0)));
  const { loss } = await trainer.evaluate(images);
  // A float32 has no probabilities below e^-103.
  expect(loss).toBeGreaterThan(103);
  expect((await judgeMirrored(model, images, outputs, {})).loss / (loss ?? Number.NaN)).toBeCloseTo(1, 6);
  trainer.dispose();
  model.dispose();
});

const lossFor = {
  int: { loss: "sparseCategoricalCrossentropy", labelSmoothing: 0 },
  binary: { loss: "binaryCrossentropy", labelSmoothing: 0 },
} as const;
