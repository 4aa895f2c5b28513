import { encodeBundle } from "@featuremap/formats";
import { loadClassifier } from "@featuremap/inference";
import { Conv2D, Dense, Flatten, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { type Pixels, plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";

const labels = ["a", "b", "c"];

const size = 96;

/** Probabilities of some of 64 large pictures, classified together and one by one. */
export interface PageLarge {
  readonly together: readonly (readonly number[])[];
  readonly singly: readonly (readonly number[])[];
}

function shade(index: number): Pixels {
  const data = new Uint8Array(size * size * 3).fill(index * 4);
  return { data: data.map((value, place) => (place % 3 === 0 ? 255 - value : value)), width: size, height: size };
}

/** Classifies pictures whose first activations take 170 MB together, more than a phone's GPU allows one buffer. */
async function classifyLarge(): Promise<PageLarge> {
  // A device that is asked for no limits has WebGPU's least: 134 MB.
  Object.defineProperty(GPUAdapter.prototype, "limits", { value: {} });
  const model = new Sequential(
    [
      new Conv2D({ filters: 72, kernelSize: 1, activation: "relu", inputShape: [size, size, 3] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 3 },
  );
  const files = await encodeBundle(model, { preprocessing: plainPreprocessing([size, size], "rgb", 1 / 255), labels });
  const classifier = await loadClassifier(files, { device: "webgpu" });
  const pictures = Array.from({ length: 64 }, (_, index) => shade(index));
  const chosen = [0, 31, 32, 63];
  const all = await classifier.classifyBatch(pictures);
  const singly = [];
  for (const index of chosen) singly.push(await classifier.classify(shade(index)));
  classifier.dispose();
  const inOrder = ({ predictions }: (typeof all)[number]): number[] =>
    [...predictions].toSorted((a, b) => a.index - b.index).map(({ probability }) => probability);
  return { together: chosen.flatMap((index) => all.slice(index, index + 1).map(inOrder)), singly: singly.map(inOrder) };
}

/** The code of the error of a network in whose kernel a NaN stands. */
async function classifyNan(activation: "relu6" | "sigmoid"): Promise<string> {
  const model = new Sequential([
    new Flatten({ inputShape: [2, 2, 1] }),
    new Dense({ units: 4, activation }),
    new Dense({ units: 3, activation: "softmax" }),
  ]);
  const kernel = Float32Array.from({ length: 16 }, (_, index) => (index === 5 ? Number.NaN : 0.1));
  model.weights[0]?.assign(new HostArray(kernel, [4, 4]));
  const files = await encodeBundle(model, { preprocessing: plainPreprocessing([2, 2], "grayscale"), labels });
  const classifier = await loadClassifier(files, { device: "webgpu" });
  const picture = { data: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2 };
  try {
    return JSON.stringify(await classifier.classify(picture));
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    classifier.dispose();
  }
}

Object.assign(globalThis, { classifyLarge, classifyNan });
