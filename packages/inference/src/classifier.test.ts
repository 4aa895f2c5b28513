import { encodeBundle, loadBundle } from "@featuremap/formats";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { OutOfMemoryError } from "@featuremap/tensor";
import { ofOtherRealm } from "@featuremap/testing/other-realm";
import {
  KernelBackend,
  Tensor,
  getBackend,
  memory,
  registerBackend,
  removeBackend,
  setBackend,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Classifier } from "./classifier.ts";
import { loadClassifier } from "./load-classifier.ts";
import type { ClassifierProgress, LoadClassifierOptions } from "./load-options.ts";
import { copyingBundle, copyingLabels, copyingModel, picture } from "./testing/small-bundle.ts";
import { deviceWork, nextTask } from "./work-queue.ts";

let tensorsBefore = 0;

beforeAll(async () => {
  const first = await load();
  first.dispose();
  await idle();
  tensorsBefore = memory().numTensors;
});

afterAll(async () => {
  await idle();
  expect(memory().numTensors).toBe(tensorsBefore);
});

/** Waits until classifiers that were disposed have freed what they held. */
async function idle(): Promise<void> {
  await nextTask();
  await deviceWork.add(() => Promise.resolve());
}

class OtherBackend extends KernelBackend {
  override dispose(): void {}
}

async function load(model = copyingModel(), options: LoadClassifierOptions = {}): Promise<Classifier> {
  return loadClassifier(await copyingBundle(model), { device: "cpu", ...options });
}

describe("a classifier", () => {
  test("says what it is, what it runs on and how long it took", async () => {
    const classifier = await load();
    expect(classifier).toMatchObject({
      labels: copyingLabels,
      inputShape: [null, 2, 2, 1],
      preprocessing: plainPreprocessing([2, 2], "grayscale"),
      device: { name: "cpu", description: "JavaScript, 1 thread", reason: { kind: "asked", text: "it was asked for" } },
      metrics: {},
      provenance: {},
    });
    expect(classifier.loadMilliseconds).toBeGreaterThan(0);
    expect(classifier.warmUpMilliseconds).toBeGreaterThan(0);
    classifier.dispose();
  });

  test("gives a device that is out of memory fewer pictures at once, and answers as one by one", async () => {
    const classifier = await load();
    const pictures = Array.from({ length: 70 }, (_, index) => picture(index % 4, index % 3, index % 5, index % 7));
    const singly = await Promise.all(pictures.map((each) => classifier.classify(each)));
    const predict = classifier.model.predict.bind(classifier.model);
    const counts: number[] = [];
    vi.spyOn(classifier.model, "predict").mockImplementation((input, ...rest) => {
      const count = input instanceof Tensor ? (input.shape[0] ?? 0) : 0;
      counts.push(count);
      if (count > 20) throw new OutOfMemoryError("The test has no memory", 1, 0, "Use less.");
      return predict(input, ...rest);
    });
    const together = await classifier.classifyBatch(pictures);
    expect(together.map(({ predictions }) => predictions)).toEqual(singly.map(({ predictions }) => predictions));
    expect(counts).toEqual([64, 32, 16, 16, 16, 16, 6]);
    await classifier.classifyBatch(pictures.slice(0, 20));
    expect(counts.slice(7)).toEqual([16, 4]);
    classifier.dispose();
  });

  test("tells of a device that has no memory for one picture", async () => {
    const classifier = await load();
    vi.spyOn(classifier.model, "predict").mockImplementation(() => {
      throw new OutOfMemoryError("The test has no memory", 1, 0, "Use less.");
    });
    await expect(classifier.classifyBatch([picture(0, 0, 0, 0), picture(0, 0, 0, 0)])).rejects.toMatchObject({
      code: "OUT_OF_MEMORY",
    });
    classifier.dispose();
  });

  test("names the most probable classes of a picture, logits made probabilities", async () => {
    const classifier = await load();
    const { predictions, milliseconds } = await classifier.classify(picture(1, 3, 0, 2), { topK: 2 });
    const sum = [1, 3, 0, 2].reduce((total, value) => total + Math.exp(value), 0);
    expect(predictions).toEqual([
      { label: "north-east", index: 1, probability: expect.closeTo(Math.exp(3) / sum, 6) },
      { label: "south-east", index: 3, probability: expect.closeTo(Math.exp(2) / sum, 6) },
    ]);
    expect(milliseconds).toBeGreaterThan(0);
    classifier.dispose();
  });

  test("takes probabilities for what they are", async () => {
    const classifier = await load(copyingModel("softmax"));
    const { predictions } = await classifier.classify(picture(0, 0, 9, 0));
    expect(predictions).toHaveLength(4);
    expect(predictions[0]).toMatchObject({ label: "south-west", probability: expect.closeTo(0.99963, 4) });
    classifier.dispose();
  });

  test("makes two classes of one sigmoid output", async () => {
    const model = new Sequential([
      new Flatten({ inputShape: [2, 2, 1] }),
      new Dense({ units: 1, activation: "sigmoid", kernelInitializer: "ones" }),
    ]);
    const preprocessing = plainPreprocessing([2, 2], "grayscale");
    const files = await encodeBundle(model, { preprocessing, labels: ["dark", "bright"] });
    const classifier = await loadClassifier(files, { device: "cpu" });
    const { predictions } = await classifier.classify(picture(1, 1, 0, 0));
    const bright = 1 / (1 + Math.exp(-2));
    expect(predictions).toEqual([
      { label: "bright", index: 1, probability: expect.closeTo(bright, 6) },
      { label: "dark", index: 0, probability: expect.closeTo(1 - bright, 6) },
    ]);
    classifier.dispose();
  });

  test.for([null, 1, 3])("classifies many pictures in order with a batch axis of %s", async (batch) => {
    const classifier = await load(copyingModel("linear", 1, batch));
    const brightest = Array.from({ length: 130 }, (_, index) => (index * 7) % 4);
    const pictures = brightest.map((place) => picture(...[0, 1, 2, 3].map((index) => (index === place ? 200 : 0))));
    const results = await classifier.classifyBatch(pictures, { topK: 1 });
    expect(results.map(({ predictions }) => predictions[0]?.index)).toEqual(brightest);
    expect(await classifier.classifyBatch([])).toEqual([]);
    classifier.dispose();
  });

  test("answers calls in their order, and reads each picture when it is given", async () => {
    const classifier = await load();
    const answered: number[] = [];
    const reused = picture(0, 0, 0, 0);
    const calls = [2, 0, 3, 1].map(async (place) => {
      reused.data.fill(0);
      reused.data[place] = 9;
      const { predictions } = await classifier.classify(reused, { topK: 1 });
      answered.push(predictions[0]?.index ?? -1);
    });
    await Promise.all(calls);
    expect(answered).toEqual([2, 0, 3, 1]);
    classifier.dispose();
  });

  test("refuses what it cannot work with, and goes on", async () => {
    const classifier = await load();
    const bright = picture(9, 0, 0, 0);
    await expect(classifier.classify(bright, { topK: 0 })).rejects.toThrow("topK must be an integer of at least 1");
    await expect(classifier.classify({ ...bright, width: 3 })).rejects.toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
    await expect(classifier.classify({ ...bright, data: new Float32Array(4) as never })).rejects.toThrow(
      "made of bytes",
    );
    expect((await classifier.classify(bright)).predictions[0]?.index).toBe(0);
    classifier.dispose();
    await expect(classifier.classify(bright)).rejects.toThrow(expect.objectContaining({ code: "NOT_READY" }));
  });

  test("says so when the model gives no finite number", async () => {
    const classifier = await load(copyingModel("linear", 3e38));
    await expect(classifier.classify(picture(0, 9, 0, 0))).rejects.toThrow(
      expect.objectContaining({ code: "NON_FINITE", message: expect.stringContaining("for picture 0") }),
    );
    classifier.dispose();
  });

  test("finishes what it was given before it is disposed, and only once", async () => {
    const classifier = await load();
    const call = classifier.classify(picture(0, 9, 0, 0));
    await Promise.resolve();
    classifier.dispose();
    classifier.dispose();
    expect((await call).predictions[0]?.index).toBe(1);
  });

  test("leaves the backend that others chose as it was", async () => {
    const classifier = await load();
    registerBackend("other", () => new OtherBackend());
    await setBackend("other");
    expect((await classifier.classify(picture(0, 9, 0, 0))).predictions[0]?.index).toBe(1);
    expect(getBackend()).toBe("other");
    await setBackend("cpu");
    removeBackend("other");
    classifier.dispose();
  });
});

describe("loadClassifier", () => {
  test("takes files of another realm, and its classifier pixels of one", async () => {
    const files = new Map([...(await copyingBundle())].map(([name, file]) => [name, ofOtherRealm(file as Uint8Array)]));
    const classifier = await loadClassifier(files, { device: "cpu" });
    const { data, ...size } = picture(0, 9, 0, 0);
    const [ours, theirs] = await Promise.all(
      [data, ofOtherRealm(data)].map((each) => classifier.classify({ data: each, ...size })),
    );
    expect(theirs?.predictions).toEqual(ours?.predictions);
    classifier.dispose();
  });

  test("reports the download, then the warm-up", async () => {
    const files = await copyingBundle();
    const size = [...files.values()].reduce((sum, file) => sum + (file instanceof Uint8Array ? file.length : 0), 0);
    const seen: ClassifierProgress[] = [];
    const classifier = await loadClassifier(files, { device: "cpu", onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-2)).toEqual({ stage: "download", loadedBytes: size, totalBytes: size, share: 1 });
    expect(seen.at(-1)).toEqual({ stage: "warm-up", loadedBytes: size, totalBytes: size, share: undefined });
    classifier.dispose();
  });

  test("takes a bundle that is loaded already, and leaves its model to the caller", async () => {
    const bundle = await loadBundle(await copyingBundle());
    for (const place of [0, 3]) {
      const classifier = await loadClassifier(bundle, { device: "cpu" });
      const bytes = [0, 1, 2, 3].map((index) => (index === place ? 9 : 0));
      expect((await classifier.classify(picture(...bytes))).predictions[0]?.index).toBe(place);
      classifier.dispose();
      await idle();
    }
    bundle.model.dispose();
  });

  test.for(["download", "warm-up"])("stops during the %s when asked", async (stage) => {
    const controller = new AbortController();
    const onProgress = (progress: ClassifierProgress): void => {
      if (progress.stage === stage) controller.abort();
    };
    await expect(load(copyingModel(), { signal: controller.signal, onProgress })).rejects.toThrow(
      expect.objectContaining({ code: "ABORTED" }),
    );
  });

  test("passes on what is wrong with the bundle, and frees the device", async () => {
    const files = new Map(await copyingBundle()).set("weights.safetensors", new Uint8Array(9));
    await expect(loadClassifier(files, { device: "cpu" })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT" }),
    );
    await expect(loadClassifier("/no/such/bundle", { device: "cpu" })).rejects.toThrow("There is no bundle at");
  });

  test("says which device cannot run the model", async () => {
    const model = copyingModel();
    const broken = vi.spyOn(Sequential.prototype, "predict").mockImplementation(() => {
      throw new Error("no such kernel");
    });
    await expect(load(model)).rejects.toThrow("JavaScript, 1 thread cannot run this model: no such kernel");
    broken.mockRestore();
  });
});
