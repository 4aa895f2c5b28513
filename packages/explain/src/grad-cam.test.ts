import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  type DataFormat,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  Layer,
  MaxPooling2D,
  Model,
  Reshape,
  Sequential,
} from "@featuremap/layers";
import { HostArray, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { type GradCamMethod, gradCam } from "./index.ts";
import { onEachDevice } from "./testing/devices.ts";
import { expectClose } from "./testing/expect-close.ts";
import { goldenNetworks, hostArrayOf, modelOf, networkNamed } from "./testing/golden-networks.ts";
import { randomImages } from "./testing/random-images.ts";

const methods: readonly GradCamMethod[] = ["gradCam", "hiResCam", "gradCamPlusPlus"];

/** A layer as users write their own: it keeps the values as they are, and its softmax is one that no class name tells. */
class OwnHead extends Layer {
  static override readonly className: string = "OwnHead";

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.softmax(input);
  }
}

/** The same network with its channels last or first, for 6 x 7 images of 2 channels. */
function ofFormat(dataFormat: DataFormat): Sequential {
  const inputShape = dataFormat === "channelsFirst" ? [2, 6, 7] : [6, 7, 2];
  return new Sequential(
    [
      new Conv2D({
        filters: 3,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
        dataFormat,
        inputShape,
        name: "first",
      }),
      new BatchNormalization({ axis: dataFormat === "channelsFirst" ? 1 : -1 }),
      new Activation({ activation: "relu" }),
      new GlobalAveragePooling2D({ dataFormat }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 5 },
  );
}

onEachDevice(() => {
  describe.each(goldenNetworks.map((network) => [network.name, network] as const))(
    "gradCam of %s",
    (_name, network) => {
      test("gives Keras's maps, scores and classes for every method, layer and class", async () => {
        const model = modelOf(network);
        const images = hostArrayOf(network.images);
        for (const cam of network.cams) {
          const classIndex = typeof cam.classIndex === "number" ? cam.classIndex : undefined;
          const method = cam.method as GradCamMethod;
          const found = await gradCam(model, images, { layer: cam.layer, method, classIndex });
          expect(found).toMatchObject({ layer: cam.layer, classIndices: Int32Array.from(cam.classes) });
          expectClose(found.maps, cam.maps);
          if (cam.heatmaps !== undefined) expectClose(found.heatmaps, cam.heatmaps);
          expectClose(new HostArray(found.scores, [found.scores.length]), cam.scores);
        }
        model.dispose();
      });

      test("looks at the last layer with height or width, alike in batches of any size", async () => {
        const model = modelOf(network);
        const images = hostArrayOf(network.images);
        const [all, single] = [await gradCam(model, images), await gradCam(model, images, { batchSize: 1 })];
        expect(all.layer).toBe(network.cams[0]?.layer);
        expect(single.classIndices).toEqual(all.classIndices);
        expectClose(single.maps, { shape: all.maps.shape, values: [...all.maps.data] });
        expectClose(single.heatmaps, { shape: all.heatmaps.shape, values: [...all.heatmaps.data] });
        model.dispose();
      });
    },
  );

  test("HiResCAM before one dense layer adds up to the score, but for what speaks against it and the bias", async () => {
    const model = new Sequential(
      [
        new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [7, 7, 1] }),
        new Flatten(),
        // Nothing speaks against a class whose weights are positive.
        new Dense({ units: 2, kernelInitializer: "ones", biasInitializer: "zeros", activation: "softmax" }),
      ],
      { seed: 1 },
    );
    const { maps, scores } = await gradCam(model, randomImages([2, 7, 7, 1]), { method: "hiResCam", classIndex: 1 });
    const sums = [0, 1].map((image) => maps.entry(image).data.reduce((sum, value) => sum + value, 0));
    expectClose(new HostArray(Float32Array.from(sums), [2]), { shape: [2], values: [...scores] });
    model.dispose();
  });

  test.each(methods)(
    "softmax at the end, in a layer of its own or of the user's, or none: %s is the same",
    async (method) => {
      const base = (): Layer[] => [
        new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [6, 6, 2] }),
        new Flatten(),
      ];
      const dense = (activation: "softmax" | "linear"): Dense => new Dense({ units: 3, activation });
      const models = [
        [...base(), dense("linear")],
        [...base(), dense("softmax")],
        [...base(), dense("linear"), new Activation({ activation: "softmax" })],
        [...base(), dense("linear"), new OwnHead({})],
        [...base(), dense("softmax"), new Reshape({ targetShape: [1, 3] }), new Dropout({ rate: 0.5 })],
      ].map((layers) => new Sequential(layers, { seed: 9 }));
      const images = randomImages([3, 6, 6, 2]);
      const found = await Promise.all(models.map((model) => gradCam(model, images, { method })));
      for (const each of found) {
        expectClose(each.maps, { shape: [3, 4, 4], values: [...(found[0]?.maps.data ?? [])] });
        expectClose(new HostArray(each.scores, [3]), { shape: [3], values: [...(found[0]?.scores ?? [])] });
      }
      for (const model of models) model.dispose();
    },
  );

  test("a single number has two classes, whose scores are each other's negatives", async () => {
    const network = networkNamed("n5");
    const model = modelOf(network);
    const images = hostArrayOf(network.images);
    const [no, yes] = [
      await gradCam(model, images, { classIndex: 0 }),
      await gradCam(model, images, { classIndex: [1, 1] }),
    ];
    expect([...no.scores]).toEqual([...yes.scores].map((score) => -score));
    const predicted = await gradCam(model, images);
    expect([...predicted.classIndices]).toEqual([...yes.scores].map((score) => Number(score > 0)));
    await expect(gradCam(model, images, { classIndex: 2 })).rejects.toThrow(
      /classIndex must be an integer in \[0, 2\), received 2/,
    );
    model.dispose();
  });

  test("channels may come first", async () => {
    const [last, first] = [ofFormat("channelsLast"), ofFormat("channelsFirst")];
    first.setWeights(await last.getWeights());
    const images = randomImages([2, 6, 7, 2]);
    const turned = tf.tidy(() => tf.transpose(tf.tensor(images.data, [...images.shape]), [0, 3, 1, 2]));
    for (const method of methods) {
      const [expected, found] = [await gradCam(last, images, { method }), await gradCam(first, turned, { method })];
      expect(found.layer).toBe("activation");
      expect(found.heatmaps.shape).toEqual([2, 6, 7]);
      expect(found.classIndices).toEqual(expected.classIndices);
      expectClose(found.maps, { shape: expected.maps.shape, values: [...expected.maps.data] });
      expectClose(found.heatmaps, { shape: expected.heatmaps.shape, values: [...expected.heatmaps.data] });
    }
    turned.dispose();
    last.dispose();
    first.dispose();
  });

  test("models within are looked into, and models of several inputs and outputs are explained output by output", async () => {
    const backbone = new Sequential(
      [
        new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }),
        new MaxPooling2D(),
        new Conv2D({ filters: 2, kernelSize: 2 }),
      ],
      { name: "backbone" },
    );
    const [left, right] = [Input({ shape: [8, 8, 1], name: "left" }), Input({ shape: [8, 8, 1], name: "right" })];
    const [a, b] = [backbone.apply(left), backbone.apply(right)];
    const joined = new GlobalAveragePooling2D().apply(new Add().apply([a, b]));
    const outputs = [
      new Dense({ units: 2, activation: "softmax", name: "kind" }).apply(joined),
      new Dense({ units: 1, name: "age" }).apply(joined),
      new Flatten({ name: "raw" }).apply(a),
    ];
    const model = new Model({ inputs: [left, right], outputs, seed: 4 });
    const images = [randomImages([2, 8, 8, 1], 1), randomImages([2, 8, 8, 1], 2)];
    const kind = await gradCam(model, images, { output: "kind" });
    expect(kind.layer).toBe("add");
    const inner = await gradCam(
      model,
      { left: images[0] as HostArray, right: images[1] as HostArray },
      { output: 0, layer: "backbone/conv2d" },
    );
    expect(inner).toMatchObject({ layer: "backbone/conv2d", classIndices: kind.classIndices, scores: kind.scores });
    expect(inner.maps.shape).toEqual([2, 6, 6]);
    expect((await gradCam(model, images, { output: "age" })).scores).toHaveLength(2);
    // A layer that is shared is looked at where it was used last, for the right image.
    const lastUse = async (...both: readonly HostArray[]): Promise<Float32Array> =>
      (await gradCam(model, both, { output: 0, layer: "backbone/conv2d", method: "hiResCam" })).maps.data;
    const [one, other] = images as [HostArray, HostArray];
    const seen = await lastUse(one, other);
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(await lastUse(other, one)).not.toEqual(seen);
    await expect(gradCam(model, images)).rejects.toThrow(
      /output must be one of kind, age, raw for a model of several outputs/,
    );
    await expect(gradCam(model, images, { output: "kid" })).rejects.toThrow(/did you mean kind\?/);
    await expect(gradCam(model, images, { output: "add" })).rejects.toThrow(
      /output must be one of the model's outputs/,
    );
    await expect(gradCam(model, images, { output: "age", layer: "raw" })).rejects.toThrow(
      /raw must be a layer whose output is images/,
    );
    await expect(gradCam(model, images[0] as HostArray, { output: 0 })).rejects.toThrow(
      /images must be a list of 2, for left, right/,
    );
    await expect(
      gradCam(model, { left: images[0] as HostArray, rihgt: images[1] as HostArray }, { output: 0 }),
    ).rejects.toThrow(/images must be given by the names left, right, received "rihgt"/);
    model.dispose();
  });

  test.each(methods)("a model within a model is seen as the same layers one after another: %s", async (method) => {
    const parts = (): [Layer[], Layer[]] => [
      [
        new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", inputShape: [8, 8, 2], name: "maps" }),
        new BatchNormalization(),
        new MaxPooling2D(),
      ],
      [new Flatten(), new Dense({ units: 3, activation: "softmax" })],
    ];
    const [[body, head], [inner, end]] = [parts(), parts()];
    const flat = new Sequential([...body, ...head], { seed: 2 });
    const backbone = new Sequential(inner, { name: "backbone" });
    const nested = new Sequential([backbone, new Sequential(end, { name: "head" })], { seed: 3 });
    nested.setWeights(await flat.getWeights());
    const images = randomImages([2, 8, 8, 2]);
    for (const [layer, path] of [
      ["maps", "backbone/maps"],
      ["maps", "maps"],
      [undefined, undefined],
    ]) {
      const [expected, found] = [
        await gradCam(flat, images, { method, layer }),
        await gradCam(nested, images, { method, layer: path }),
      ];
      expect(found.layer).toBe(`backbone/${expected.layer}`);
      expectClose(found.heatmaps, { shape: [2, 8, 8], values: [...expected.heatmaps.data] });
      expect(found.classIndices).toEqual(expected.classIndices);
    }
    flat.dispose();
    nested.dispose();
  });

  test("only what follows from a layer counts, where a layer after it passes the same values on to others", async () => {
    const make = (rate: number): Model => {
      const image = Input({ shape: [5, 5, 1] });
      const maps = new Conv2D({ filters: 2, kernelSize: 2, name: "maps" }).apply(image);
      const dropped = new Dropout({ rate, name: "dropped" }).apply(maps);
      const sum = new Add().apply([dropped, maps]);
      const end = new Dense({ units: 2 }).apply(new Flatten().apply(sum));
      return new Model({ inputs: image, outputs: end, seed: 6 });
    };
    const model = make(0.5);
    const images = randomImages([1, 5, 5, 1]);
    const [once, twice] = [
      await gradCam(model, images, { layer: "dropped" }),
      await gradCam(model, images, { layer: "maps" }),
    ];
    expectClose(twice.maps, { shape: once.maps.shape, values: [...once.maps.data].map((value) => 2 * value) });
    model.dispose();
  });

  test("a model is left as it was, also one whose normalisation says that it trains", async () => {
    const image = Input({ shape: [6, 6, 2] });
    const maps = new Conv2D({ filters: 3, kernelSize: 3 }).apply(image);
    const normalized = new BatchNormalization().apply(maps, { training: true });
    const outputs = new Dense({ units: 2 }).apply(new GlobalAveragePooling2D().apply(normalized));
    const model = new Model({ inputs: image, outputs, seed: 1 });
    const before = await model.getWeights();
    await gradCam(model, randomImages([4, 6, 6, 2]));
    expect(await model.getWeights()).toEqual(before);
    expect(model.layers.map(({ nodes }) => nodes.length)).toEqual(model.layers.map(() => 1));
    model.dispose();
  });

  test("images may be a tensor of bytes, nested lists or a list of one array", async () => {
    const network = networkNamed("n1");
    const model = modelOf(network);
    const bytes = HostArray.from(randomImages([1, 18, 18, 1]).data as unknown as number[]).data.map((value) =>
      Math.round(Math.abs(value) * 9),
    );
    const array = new HostArray(Uint8Array.from(bytes), [1, 18, 18, 1]);
    const tensor = tf.tensor4d(Int32Array.from(bytes), [1, 18, 18, 1], "int32");
    const expected = await gradCam(model, array);
    for (const images of [tensor, array.toNested() as number[][][][], [array]]) {
      expect((await gradCam(model, images)).maps.data).toEqual(expected.maps.data);
    }
    expect(tensor.isDisposed).toBe(false);
    tensor.dispose();
    model.dispose();
  });
});
