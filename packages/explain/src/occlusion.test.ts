import { Conv2D, Dense, Flatten, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type OcclusionOptions, occlusion } from "./index.ts";
import { onEachDevice } from "./testing/devices.ts";
import { expectClose } from "./testing/expect-close.ts";
import { goldenNetworks, hostArrayOf, modelOf, networkNamed } from "./testing/golden-networks.ts";
import { randomImages } from "./testing/random-images.ts";

onEachDevice(() => {
  test.each(goldenNetworks.map((network) => [network.name, network] as const))(
    "occlusion of %s is what Keras predicts of covered images",
    async (_name, network) => {
      const model = modelOf(network);
      const image = hostArrayOf(network.images).slice(0, 1);
      const { options, ...expected } = network.occlusion;
      const found = await occlusion(model, image, { ...options, batchSize: 5 });
      expect(found.classIndex).toBe(expected.classIndex);
      expectClose(new HostArray(Float32Array.of(found.score), []), expected.score);
      expectClose(found.scores, expected.scores);
      // Differences of outputs keep fewer digits than the outputs.
      found.drops.data.forEach((drop, pixel) =>
        expect(drop).toBeCloseTo(expected.drops.values[pixel] ?? Number.NaN, 4),
      );
      model.dispose();
    },
  );

  test("the image may come without a batch axis, and its channels first", async () => {
    const make = (dataFormat: "channelsFirst" | "channelsLast", inputShape: number[]): Sequential =>
      new Sequential(
        [
          new Conv2D({ filters: 1, kernelSize: 1, dataFormat, inputShape }),
          new Flatten(),
          new Dense({ units: 2, kernelInitializer: "ones" }),
        ],
        { seed: 3 },
      );
    const [last, first] = [make("channelsLast", [5, 6, 2]), make("channelsFirst", [2, 5, 6])];
    first.setWeights(await last.getWeights());
    const image = randomImages([5, 6, 2]);
    const turned = tf.tidy(() => tf.transpose(tf.tensor(image.data, [5, 6, 2]), [2, 0, 1]));
    const [expected, found] = [await occlusion(last, image), await occlusion(first, turned)];
    expect(expected.scores.shape).toEqual([4, 5]);
    expect(expected.drops.shape).toEqual([5, 6]);
    expectClose(found.drops, { shape: [5, 6], values: [...expected.drops.data] });
    turned.dispose();
    last.dispose();
    first.dispose();
  });

  test("progress is told, and work can be stopped", async () => {
    const network = networkNamed("n1");
    const model = modelOf(network);
    const image = hostArrayOf(network.images).slice(0, 1);
    const controller = new AbortController();
    const told: [number, number | undefined][] = [];
    const onProgress = (done: number, total: number | undefined): void => {
      told.push([done, total]);
      controller.abort();
    };
    const work = occlusion(model, image, { size: 6, stride: 6, batchSize: 2, signal: controller.signal, onProgress });
    await expect(work).rejects.toMatchObject({ code: "ABORTED" });
    expect(told).toEqual([[2, 9]]);
    model.dispose();
  });
});

test("a single number's classes fall and rise together", async () => {
  const network = networkNamed("n5");
  const model = modelOf(network);
  const image = hostArrayOf(network.images).slice(0, 1);
  const [no, yes] = [
    await occlusion(model, image, { classIndex: 0 }),
    await occlusion(model, image, { classIndex: 1 }),
  ];
  expect(no.score + yes.score).toBeCloseTo(1, 6);
  no.drops.data.forEach((drop, pixel) => expect(drop).toBeCloseTo(-(yes.drops.data[pixel] ?? Number.NaN), 6));
  model.dispose();
});

test.each<[OcclusionOptions, RegExp]>([
  [{ size: 40 }, /size must be at most 18 for an image of 18 x 18, received 40/],
  [{ size: 0 }, /size must be an integer of at least 1, received 0/],
  [{ size: 3, stride: 4 }, /stride must be at most size, 3, so that no pixel is left out, received 4/],
  [{ value: Number.NaN }, /value must be a finite number, received NaN/],
  [{ classIndex: 4 }, /classIndex must be an integer in \[0, 4\), received 4/],
  [{ colour: 1 } as OcclusionOptions, /options must be among/],
])("occlusion refuses %j", async (options, message) => {
  const network = networkNamed("n1");
  const model = modelOf(network);
  await expect(occlusion(model, hostArrayOf(network.images).slice(0, 1), options)).rejects.toThrow(message);
  model.dispose();
});

test("occlusion takes one image", async () => {
  const network = networkNamed("n1");
  const model = modelOf(network);
  await expect(occlusion(model, hostArrayOf(network.images))).rejects.toThrow(/image must be one image, received 2/);
  await expect(occlusion(model, randomImages([9, 9, 1]))).rejects.toThrow(
    /of shape \(None, 18, 18, 1\), received \(1, 9, 9, 1\)/,
  );
  model.dispose();
});
