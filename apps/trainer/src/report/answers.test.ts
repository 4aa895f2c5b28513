import type { ImageFiles } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { type Pixels, type Preprocessing, plainPreprocessing } from "@featuremap/images";
import {
  Activation,
  Average,
  Dense,
  Flatten,
  Input,
  type Layer,
  Model,
  RandomNormal,
  Sequential,
  Softmax,
} from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { HostArray } from "@featuremap/tensor";
import { BinaryCrossentropy, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { inputsOf, readingFor } from "../pictures/model-inputs.ts";
import { discFiles } from "../testing/report-data.ts";
import { predictFiles } from "./predict-files.ts";
import { scorePredictions } from "./score-predictions.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

const preprocessing: Preprocessing = plainPreprocessing([12, 12], "rgb", 1 / 255);
const count = 24;
const three = ["cat", "dog", "frog"];
const common = { preprocessing, workers: 0, signal: undefined, outputs: undefined, batchSize: 7 };

/** A network of weights so large that most answers are very sure, and many of them wrong. */
function network(...head: readonly Layer[]): Model {
  return new Sequential([new Flatten({ inputShape: [12, 12, 3] }), ...head], { seed: 3 });
}

function dense(units: number, activation?: "softmax" | "sigmoid", seed = 1): Dense {
  const kernelInitializer = new RandomNormal({ stddev: 60, seed });
  return new Dense({ units, kernelInitializer, ...(activation === undefined ? {} : { activation }) });
}

/** The mean of two heads, whose logits nothing tells. */
function ensemble(units: number, activation: "softmax" | "sigmoid"): Model {
  const input = Input({ shape: [12, 12, 3] });
  const features = new Flatten().apply(input);
  const heads = [1, 2].map((seed) => dense(units, activation, seed).apply(features));
  return new Model({ inputs: input, outputs: new Average().apply(heads) });
}

async function picturesOf(
  files: ImageFiles,
): Promise<{ readonly images: readonly Pixels[]; readonly labels: number[] }> {
  const [images, labels]: [Pixels[], number[]] = [[], []];
  for await (const examples of files.images(readingFor(preprocessing, 0)).batch(count)) {
    for (const { image, label } of examples) {
      images.push(image);
      labels.push(label);
    }
  }
  return { images, labels };
}

function turned({ data, ...size }: Pixels): Pixels {
  const at = (index: number): number => {
    const [row, column, channel] = [Math.floor(index / 36), Math.floor(index / 3) % 12, index % 3];
    return row * 36 + (11 - column) * 3 + channel;
  };
  return { data: Uint8Array.from(data, (_, index) => data[at(index)] ?? 0), ...size };
}

describe.for<[string, () => Model, { readonly fromLogits?: boolean; readonly most?: number }]>([
  ["a sigmoid", () => network(dense(1, "sigmoid")), {}],
  ["a layer that is a sigmoid", () => network(dense(1), new Activation("sigmoid")), {}],
  ["a softmax", () => network(dense(3, "softmax")), {}],
  ["a layer that is a softmax", () => network(dense(3), new Softmax()), {}],
  ["logits", () => network(dense(3)), { fromLogits: true }],
  ["one logit", () => network(dense(1)), { fromLogits: true }],
  ["the mean of sigmoids", () => ensemble(1, "sigmoid"), { most: 15.9 }],
  ["the mean of softmaxes", () => ensemble(3, "softmax"), { most: 16.1 }],
])("the loss of %s", ([, build, { fromLogits = false, most = 150 }]) => {
  test.for([false, true])("is that of training; mirrored: %s", async (mirrored) => {
    const model = build();
    const units = model.output.shape.at(-1) ?? 0;
    const classNames = three.slice(0, Math.max(units, 2));
    const files = discFiles(classNames, count);
    const { losses } = await predictFiles("test", files, { ...common, model, classNames, mirrored });

    const Crossentropy = units === 1 ? BinaryCrossentropy : SparseCategoricalCrossentropy;
    const trainer = new Trainer(model, { loss: new Crossentropy({ fromLogits }) });
    const { images, labels } = await picturesOf(files);
    const trainingLoss = async (seen: readonly Pixels[], from = 0, to = count): Promise<number> => {
      const x = inputsOf(model, seen.slice(from, to), preprocessing);
      const y = new HostArray(Float32Array.from(labels.slice(from, to)), [to - from, 1]);
      return (await trainer.evaluate(x, y))["loss"] ?? Number.NaN;
    };
    const sides = mirrored ? [images, images.map(turned)] : [images];
    for (const [place, loss] of losses.entries()) {
      const own = await Promise.all(sides.map((side) => trainingLoss(side, place, place + 1)));
      const least = Math.min(...own);
      const expected = least - Math.log(own.reduce((sum, each) => sum + Math.exp(least - each), 0) / own.length);
      expect(Math.abs(loss - expected)).toBeLessThan(1e-6 * Math.max(expected, 1));
    }
    const plain = await predictFiles("test", files, { ...common, model, classNames });
    expect(Math.max(...plain.losses)).toBeGreaterThan(most);
    expect(scorePredictions(plain, classNames.length).loss / (await trainingLoss(images))).toBeCloseTo(1, 6);
    trainer.dispose();
    model.dispose();
  });
});

test("a network of fixed batch length has the losses of one that takes any", async () => {
  const model = network(dense(3, "softmax"));
  const fixed = new Sequential([new Flatten({ batchInputShape: [5, 12, 12, 3] }), dense(3, "softmax")], { seed: 3 });
  const files = discFiles(three, count);
  const [expected, { losses }] = [
    await predictFiles("test", files, { ...common, model, classNames: three }),
    await predictFiles("test", files, { ...common, model: fixed, classNames: three }),
  ];
  expect(Math.max(...losses)).toBeGreaterThan(150);
  expect(losses).toEqual(expected.losses);
  model.dispose();
  fixed.dispose();
});

test("an infinite loss is an error that names the picture", async () => {
  const model = network(dense(3));
  const bias = model.weights.find(({ name }) => name.includes("bias"));
  bias?.assign(new HostArray(Float32Array.of(0, Number.NEGATIVE_INFINITY, 0), [3]));
  const asked = predictFiles("test", discFiles(three, count), { ...common, model, classNames: three });
  await expect(asked).rejects.toThrow("The network's loss is Infinity for /data/photos/dog/1.png.");
  model.dispose();
});

test("the loss of classes that each stand by themselves is that of the right one's logit", async () => {
  const [model, linear] = [network(dense(3, "sigmoid")), network(dense(3))];
  const files = discFiles(three, count);
  const { losses } = await predictFiles("test", files, { ...common, model, classNames: three });
  const expected = await predictFiles("test", files, {
    ...common,
    model: linear,
    classNames: three,
    outputs: "binaryLogits",
  });
  expect(Math.max(...losses)).toBeGreaterThan(150);
  for (const [place, loss] of losses.entries()) expect(loss).toBeCloseTo(expected.losses[place] ?? Number.NaN, 6);
  model.dispose();
  linear.dispose();
});
