import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, Input, Model, Sequential } from "@featuremap/layers";
import { type Batch, type BatchSource, HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { embeddings } from "./index.ts";
import { onEachDevice } from "./testing/devices.ts";
import { expectClose } from "./testing/expect-close.ts";
import { randomImages } from "./testing/random-images.ts";

function classifier(): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [5, 5, 1] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 4, activation: "relu", name: "hidden" }),
      new Dense({ units: 2, activation: "softmax" }),
    ],
    { seed: 7 },
  );
}

/** Batches of `size` images, as training takes them. */
function sourceOf(images: HostArray, batchSize: number): BatchSource {
  const [count = 0] = images.shape;
  return {
    size: count,
    batchSize,
    batchCount: Math.ceil(count / batchSize),
    *batches(): Iterable<Batch> {
      for (let from = 0; from < count; from += batchSize) {
        const x = images.slice(from, Math.min(from + batchSize, count));
        const size = x.shape[0] ?? 0;
        yield { x, y: new HostArray(new Int32Array(size), [size]), size };
      }
    },
  };
}

async function* oneByOne(images: HostArray): AsyncGenerator<HostArray> {
  for (let index = 0; index < (images.shape[0] ?? 0); index++) yield images.slice(index, index + 1);
}

onEachDevice(() => {
  test("embeddings are what enters the last dense layer, however the images come", async () => {
    const model = classifier();
    const images = randomImages([7, 5, 5, 1]);
    const before = new Model({ inputs: model.inputs, outputs: model.getLayer("hidden").output });
    const expected = before.predict(images);
    const [values, shape] = [[...expected.dataSync<"float32">()], expected.shape];
    expected.dispose();
    const tensor = tf.tensor(images.data, [7, 5, 5, 1]);
    const halves = [images.slice(0, 4), images.slice(4)];
    const forms = [
      images,
      tensor,
      images.toNested() as number[][][][],
      sourceOf(images, 3),
      halves,
      halves.map((x) => ({ x })),
      new Set(halves),
      oneByOne(images),
    ];
    for (const form of forms) expectClose(await embeddings(model, form, { batchSize: 2 }), { shape, values });
    tensor.dispose();
    model.dispose();
  });

  test("any layer's output is taken, flattened", async () => {
    const model = classifier();
    const images = randomImages([2, 5, 5, 1]);
    expect((await embeddings(model, images, { layer: "conv2d" })).shape).toEqual([2, 27]);
    expect((await embeddings(model, images, { layer: -1 })).shape).toEqual([2, 2]);
    model.dispose();
  });

  test("a model of several inputs takes batches of several arrays", async () => {
    const [a, b] = [Input({ shape: [2], name: "a" }), Input({ shape: [2], name: "b" })];
    const joined = new Dense({ units: 3, name: "shared" });
    const model = new Model({ inputs: [a, b], outputs: [joined.apply(a), joined.apply(b)], seed: 1 });
    const x = [randomImages([2, 2], 1), randomImages([2, 2], 2)];
    const byName = { a: x[0] as HostArray, b: x[1] as HostArray };
    const expected = await embeddings(model, x);
    expect(expected.data).toEqual(x[1]?.data);
    expect(await embeddings(model, [{ x }, { x: byName }])).toMatchObject({ shape: [4, 2] });
    expect(await embeddings(model, byName)).toEqual(expected);
    model.dispose();
  });

  test("progress tells what is known", async () => {
    const model = classifier();
    const images = randomImages([5, 5, 5, 1]);
    const told: [number, number | undefined][] = [];
    const onProgress = (done: number, total: number | undefined): number => told.push([done, total]);
    await embeddings(model, sourceOf(images, 3), { onProgress });
    await embeddings(model, oneByOne(images.slice(0, 2)), { onProgress });
    await embeddings(model, images, { batchSize: 4, onProgress });
    expect(told).toEqual([
      [3, 5],
      [5, 5],
      [1, undefined],
      [2, undefined],
      [4, 5],
      [5, 5],
    ]);
    model.dispose();
  });
});

describe("embeddings refuses", () => {
  const model = classifier();
  const images = randomImages([1, 5, 5, 1]);

  test("a model without a dense layer, and names its layers", async () => {
    const without = new Sequential([
      new Conv2D({ filters: 1, kernelSize: 2, inputShape: [5, 5, 1], name: "maps" }),
      new Flatten(),
    ]);
    await expect(embeddings(without, images)).rejects.toThrow(
      /layer must be given for a model without a Dense: one of maps, flatten, received undefined/,
    );
  });

  test.each([
    ["no batch", [], /images/],
    [
      "a batch of another size",
      [randomImages([1, 4, 4, 1])],
      /images must be of shape \(None, 5, 5, 1\), received \(1, 4, 4, 1\)/,
    ],
    ["text", "images", /images must be an array of images, a source of batches or batches, received "images"/],
    [
      "batches of text",
      new Set(["x"]),
      /images must be a tensor, a HostArray or numbers in nested lists, received "x"/,
    ],
    ["no batch in a source", new Set(), /images must be at least one batch, received "none"/],
  ] as const)("%s", async (_what, given, message) => {
    await expect(embeddings(model, given as unknown as HostArray)).rejects.toThrow(message);
  });

  test("images that give vectors of different lengths", async () => {
    const any = new Sequential([new Conv2D({ filters: 1, kernelSize: 1, inputShape: [null, null, 1], name: "maps" })], {
      seed: 1,
    });
    const work = embeddings(any, [randomImages([1, 2, 2, 1]), randomImages([1, 3, 3, 1])], { layer: "maps" });
    await expect(work).rejects.toThrow(/features must be 4 for every image, received 9/);
    any.dispose();
  });
});

test("a convolution of one place stands for a dense layer", async () => {
  const model = new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1] }),
      new GlobalAveragePooling2D({ keepDims: true, name: "pooled" }),
      new Conv2D({ filters: 2, kernelSize: 1, name: "logits" }),
      new Flatten(),
    ],
    { seed: 1 },
  );
  const images = randomImages([2, 4, 4, 1]);
  const found = await embeddings(model, images);
  expect(found.shape).toEqual([2, 3]);
  expect(found).toEqual(await embeddings(model, images, { layer: "pooled" }));
  model.dispose();
});
