import { Dense, Flatten, Rescaling, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type SaliencyOptions, saliency } from "./index.ts";
import { onEachDevice } from "./testing/devices.ts";
import { expectClose } from "./testing/expect-close.ts";
import { goldenNetworks, hostArrayOf, modelOf, networkNamed } from "./testing/golden-networks.ts";
import { randomImages } from "./testing/random-images.ts";

onEachDevice(() => {
  test.each(goldenNetworks.map((network) => [network.name, network] as const))(
    "saliency of %s is Keras's gradient",
    async (_name, network) => {
      const model = modelOf(network);
      const found = await saliency(model, hostArrayOf(network.images), { batchSize: 1 });
      expect([...found.classIndices]).toEqual(
        network.cams.find(({ classIndex }) => classIndex === "predicted")?.classes,
      );
      expectClose(found.maps, network.saliency);
      model.dispose();
    },
  );

  test("a linear model's gradient is the same under any noise", async () => {
    const model = new Sequential(
      [
        new Rescaling({ scale: 0.5, inputShape: [3, 3, 2] }),
        new Flatten(),
        new Dense({ units: 2, activation: "softmax" }),
      ],
      { seed: 2 },
    );
    const images = randomImages([3, 3, 3, 2]);
    const [plain, smooth] = [
      await saliency(model, images, { classIndex: 1 }),
      await saliency(model, images, { classIndex: 1, smoothGrad: { samples: 4 } }),
    ];
    expectClose(smooth.maps, { shape: [3, 3, 3], values: [...plain.maps.data] });
    expect(smooth.scores).toEqual(plain.scores);
    model.dispose();
  });

  test("SmoothGrad is the same each time for a seed, in batches of any size, and other for another", async () => {
    const network = networkNamed("n3");
    const model = modelOf(network);
    const images = hostArrayOf(network.images);
    const smoothGrad = { samples: 3, noise: 0.3, seed: 4 };
    const progress: [number, number | undefined][] = [];
    const onProgress = (done: number, total?: number): number => progress.push([done, total]);
    const first = await saliency(model, images, { smoothGrad });
    const second = await saliency(model, images, { smoothGrad, batchSize: 1, onProgress });
    const other = await saliency(model, images, { smoothGrad: { ...smoothGrad, seed: 5 } });
    expectClose(second.maps, { shape: first.maps.shape, values: [...first.maps.data] });
    expect(other.maps.data).not.toEqual(first.maps.data);
    expect(other.classIndices).toEqual(first.classIndices);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    model.dispose();
  });

  test("work that is stopped midway leaves no tensor", async () => {
    const network = networkNamed("n3");
    const model = modelOf(network);
    const images = hostArrayOf(network.images);
    await saliency(model, images);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const work = saliency(model, images, {
      smoothGrad: {},
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: "ABORTED" });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

test.each<[SaliencyOptions, RegExp]>([
  [{ smoothGrad: { samples: 0 } }, /samples must be an integer of at least 1, received 0/],
  [{ smoothGrad: { noise: -1 } }, /noise must be at least 0, received -1/],
  [{ smoothGrad: { seed: -1 } }, /seed must be an integer in/],
  [{ smoothGrad: { sample: 3 } } as SaliencyOptions, /did you mean samples\?/],
  [{ classIndex: 9 }, /classIndex must be an integer in \[0, 3\), received 9/],
])("saliency refuses %j", async (options, message) => {
  const network = networkNamed("n3");
  await expect(saliency(modelOf(network), hostArrayOf(network.images), options)).rejects.toThrow(message);
});

test("a model that takes no images is refused", async () => {
  const rows = new Sequential([new Dense({ units: 2, inputShape: [3] })]);
  await expect(saliency(rows, new HostArray(new Float32Array(3), [1, 3]))).rejects.toThrow(
    /input of the model must be images, with a batch axis and three more, received \(None, 3\)/,
  );
});
