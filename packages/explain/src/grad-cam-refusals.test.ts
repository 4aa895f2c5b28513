import { Conv2D, Dense, Flatten, Input, Model, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { type GradCamMethod, type GradCamOptions, gradCam } from "./index.ts";
import { hostArrayOf, modelOf, networkNamed } from "./testing/golden-networks.ts";
import { randomImages } from "./testing/random-images.ts";

useBackend();

describe("gradCam refuses", () => {
  const network = networkNamed("n1");
  const model = modelOf(network);
  const images = hostArrayOf(network.images);
  const plain = new Sequential([new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 2, name: "classes" })]);

  test.each<[string, GradCamOptions, RegExp]>([
    [
      "a layer that is not there",
      { layer: "conv2d_9" },
      /gradCam: layer must be one of conv2d, .*\(did you mean conv2d\?\), received "conv2d_9"/,
    ],
    [
      "a layer without images",
      { layer: "dense" },
      /dense must be a layer whose output is images, received \(None, 4\)/,
    ],
    ["a class out of range", { classIndex: 4 }, /classIndex must be an integer in \[0, 4\), received 4/],
    ["half a class", { classIndex: 0.5 }, /classIndex must be an integer in \[0, 4\), received 0.5/],
    [
      "classes for other images",
      { classIndex: [1, 2, 3] },
      /classIndex must be one for all images, or 2, one for each, received "3"/,
    ],
    [
      "an output that is not there",
      { output: 1 },
      /output must be an integer in \[0, 1\), or one of dense, received 1/,
    ],
    [
      "a method that it has not",
      { method: "gradcam" as GradCamMethod },
      /method must be one of gradCam, hiResCam, gradCamPlusPlus, received "gradcam"/,
    ],
    ["an option that it has not", { classindex: 1 } as GradCamOptions, /did you mean classIndex\?/],
  ])("%s", async (_what, options, message) => {
    await expect(gradCam(model, images, options)).rejects.toThrow(message);
  });

  test("images of another size, and names both", async () => {
    await expect(gradCam(model, randomImages([1, 28, 28, 1]))).rejects.toThrow(
      /gradCam: images must be of shape \(None, 18, 18, 1\), received \(1, 28, 28, 1\)/,
    );
    await expect(gradCam(model, randomImages([18, 18, 1]))).rejects.toThrow(
      /one image, which needs a batch axis of length 1 before it/,
    );
    await expect(gradCam(model, new HostArray(new Float32Array(0), [0, 18, 18, 1]))).rejects.toThrow(
      /at least one image/,
    );
  });

  test("a model without a convolution, and names its layers", async () => {
    await expect(gradCam(plain, randomImages([1, 4, 4, 1]))).rejects.toThrow(
      /gradCam: model must be one with a convolution whose output has height or width \(its layers: flatten, classes\), received/,
    );
  });

  test("what is not a model, or one that knows no input yet", async () => {
    await expect(gradCam({} as Model, images)).rejects.toThrow(/gradCam: model must be a Model or Sequential/);
    await expect(gradCam(new Sequential([new Dense({ units: 1 })]), images)).rejects.toThrow(
      /the shape of its input is not known yet/,
    );
  });

  test("a class of the user's own that may compute something else than its graph", async () => {
    class Own extends Sequential {
      override callAll(inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
        return inputs;
      }
    }
    const own = new Own([new Conv2D({ filters: 1, kernelSize: 1, inputShape: [2, 2, 1] })]);
    await expect(gradCam(own, images)).rejects.toThrow(/model must be one that computes what its graph says/);
  });

  test("a layer that the output does not depend on", async () => {
    const image = Input({ shape: [4, 4, 1] });
    const [a, b] = ["a", "b"].map((name) => new Conv2D({ filters: 1, kernelSize: 1, name }).apply(image));
    const ends = [a, b].flatMap((maps, index) =>
      maps === undefined ? [] : [new Flatten({ name: `end${index}` }).apply(maps)],
    );
    const two = new Model({ inputs: image, outputs: ends });
    await expect(gradCam(two, randomImages([1, 4, 4, 1]), { output: "end0", layer: "b" })).rejects.toThrow(
      /layer must be one that the model's output depends on, received "b"/,
    );
  });

  test("work that was stopped", async () => {
    await expect(gradCam(model, images, { signal: AbortSignal.abort() })).rejects.toThrow(
      /gradCam: stopped by its signal/,
    );
  });
});
