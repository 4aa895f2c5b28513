import {
  Add,
  Conv2D,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  Sequential,
} from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { featureMaps } from "./index.ts";
import { onEachDevice } from "./testing/devices.ts";
import { expectClose } from "./testing/expect-close.ts";
import { goldenNetworks, hostArrayOf, modelOf } from "./testing/golden-networks.ts";
import { randomImages } from "./testing/random-images.ts";

/** Two towers of one inner model that share a convolution, which is used once more behind them. */
function nested(): Model {
  const block = new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, activation: "relu", padding: "same", inputShape: [6, 6, 2] }),
      new MaxPooling2D(),
    ],
    { name: "block" },
  );
  const inner = Input({ shape: [6, 6, 2] });
  const shared = new Conv2D({ filters: 2, kernelSize: 1, name: "shared" });
  const backbone = new Model({
    inputs: inner,
    outputs: block.apply(shared.apply(shared.apply(inner))),
    name: "backbone",
  });
  const image = Input({ shape: [6, 6, 2] });
  const sum = new Add().apply([backbone.apply(image), block.apply(image)]);
  const outputs = new Dense({ units: 2, activation: "softmax" }).apply(new Flatten().apply(sum));
  return new Model({ inputs: image, outputs, seed: 3 });
}

onEachDevice(() => {
  test.each(goldenNetworks.map((network) => [network.name, network] as const))(
    "feature maps of %s are those of Keras's sub-models, also where pooling is computed with them",
    async (_name, network) => {
      const model = modelOf(network);
      const found = await featureMaps(model, hostArrayOf(network.images), { batchSize: 1 });
      expect(found.map(({ layer }) => layer)).toEqual(network.featureMaps.map(({ layer }) => layer));
      for (const [index, { maps }] of network.featureMaps.entries()) {
        expectClose(found[index]?.maps ?? new HostArray(new Float32Array(0), [0]), maps);
      }
      model.dispose();
    },
  );

  test("models within are opened, and each use of a shared layer is told apart", async () => {
    const model = nested();
    const found = await featureMaps(model, randomImages([3, 6, 6, 2]));
    expect(found.map(({ layer, use }) => `${layer} ${use}`)).toEqual([
      "backbone/shared 0",
      "backbone/shared 1",
      "backbone/block/conv2d 0",
      "block/conv2d 0",
    ]);
    for (const { maps } of found) expect(maps.shape).toEqual([3, 6, 6, 2]);
    model.dispose();
  });

  test("uses are counted as layers were applied, through models that are used twice", async () => {
    const twice = new Conv2D({ filters: 1, kernelSize: 1, inputShape: [2, 2, 1], name: "twice" });
    const start = Input({ shape: [2, 2, 1] });
    const block = new Model({ inputs: start, outputs: twice.apply(twice.apply(start)), name: "block" });
    twice.setWeights([[[[[10]]]], [0]]);
    const [left, right] = [Input({ shape: [2, 2, 1] }), Input({ shape: [2, 2, 1] })];
    const model = new Model({ inputs: [left, right], outputs: [block.apply(left), block.apply(right)] });
    const images = [1, 2].map((value) => new HostArray(new Float32Array(4).fill(value), [1, 2, 2, 1]));
    const found = await featureMaps(model, images, { layers: ["twice"] });
    expect(found.map(({ use, maps }) => [use, maps.data[0]])).toEqual([
      [0, 10],
      [1, 100],
      [2, 20],
      [3, 200],
    ]);
    model.dispose();
  });

  test("any layer is shown, by name, path or index, a model within too, and the model's outputs are predict's", async () => {
    const model = nested();
    const images = randomImages([2, 6, 6, 2]);
    const layers = ["backbone", "backbone/block/max_pooling2d", -1, 0, "dense"];
    const found = await featureMaps(model, images, { layers });
    expect(found.map(({ layer, maps }) => [layer, ...maps.shape])).toEqual([
      ["backbone", 2, 3, 3, 2],
      ["backbone/block/max_pooling2d", 2, 3, 3, 2],
      ["dense", 2, 2],
      ["input_layer", 2, 6, 6, 2],
      ["dense", 2, 2],
    ]);
    expect(found[0]?.maps.data).toEqual(found[1]?.maps.data);
    expect(found[3]?.maps.data).toEqual(images.data);
    const predicted = model.predict(images);
    expectClose(found[2]?.maps ?? images, { shape: predicted.shape, values: [...predicted.dataSync<"float32">()] });
    predicted.dispose();
    model.dispose();
  });

  test("maps have their channels last where the model has them first", async () => {
    const [last, first] = [
      new Sequential([new Conv2D({ filters: 3, kernelSize: 2, inputShape: [4, 5, 2] }), new GlobalAveragePooling2D()], {
        seed: 1,
      }),
      new Sequential(
        [
          new Conv2D({ filters: 3, kernelSize: 2, dataFormat: "channelsFirst", inputShape: [2, 4, 5] }),
          new GlobalAveragePooling2D({ dataFormat: "channelsFirst" }),
        ],
        { seed: 1 },
      ),
    ];
    const images = randomImages([2, 4, 5, 2]);
    const turned = tf.tidy(() => tf.transpose(tf.tensor(images.data, [...images.shape]), [0, 3, 1, 2]));
    const [[a], [b]] = [await featureMaps(last, images), await featureMaps(first, turned)];
    expect(a?.maps.shape).toEqual([2, 3, 4, 3]);
    expectClose(b?.maps ?? images, { shape: [2, 3, 4, 3], values: [...(a?.maps.data ?? [])] });
    turned.dispose();
    last.dispose();
    first.dispose();
  });

  test("the model is left as it was: no layer is used once more, no weight changes", async () => {
    const model = nested();
    const uses = (): number[] =>
      model.layers.flatMap((layer) => layer.innerLayers ?? [layer]).map(({ nodes }) => nodes.length);
    const [before, weights] = [uses(), await model.getWeights()];
    await featureMaps(model, randomImages([1, 6, 6, 2]));
    expect(uses()).toEqual(before);
    expect(await model.getWeights()).toEqual(weights);
    model.dispose();
  });
});

describe("featureMaps refuses", () => {
  const model = new Sequential(
    [
      new Conv2D({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1], name: "first" }),
      new Conv2D({ filters: 2, kernelSize: 3, name: "second" }),
      new Flatten(),
    ],
    { seed: 2 },
  );
  const images = new HostArray(
    Float32Array.from({ length: 36 }, () => new RandomStream(1).uniform()),
    [1, 6, 6, 1],
  );

  test.each([
    [
      "a layer that is not there, and names the nearest",
      { layers: ["secnd"] },
      /layers must be one of first, second, flatten \(did you mean second\?\), received "secnd"/,
    ],
    ["an index that is not there", { layers: [7] }, /layers must be a name or an integer in \[-3, 3\), received 7/],
    ["an empty list", { layers: [] }, /layers must be a list of names or indices/],
    ["an option that it has not", { layer: "first" }, /did you mean layers\?/],
    ["a batch size of 0", { batchSize: 0 }, /batchSize must be an integer of at least 1, received 0/],
  ] as const)("%s", async (_what, options, message) => {
    await expect(featureMaps(model, images, options as object)).rejects.toThrow(message);
  });
});
