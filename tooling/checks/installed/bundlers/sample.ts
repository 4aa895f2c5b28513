import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@featuremap/devices";
import { saveBundle } from "@featuremap/formats";
import { Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Width and height of the picture. */
const side = 16;
const grey = (_: unknown, index: number): number => (index * 37 + (index >> 4) * 11) % 256;

/** What a page of each bundler classifies, and what is right. */
export interface Sample {
  /** Folder of `model.json` and the weights. */
  readonly model: string;
  /** Probabilities of the labels "a", "b" and "c" on the plain JavaScript device. */
  readonly probabilities: readonly number[];
  remove(): Promise<void>;
}

/** A small network with convolutions, one picture, and what plain JavaScript makes of it. */
export async function createSample(): Promise<Sample> {
  const device = await openDevice("cpu");
  const folder = await mkdtemp(join(tmpdir(), "sample-"));
  const network = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [side, side, 1] }),
      new Conv2D({ filters: 16, kernelSize: 3, strides: 2, activation: "relu" }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 3 },
  );
  const values = tidy(() => {
    const pixels = Float32Array.from({ length: side * side }, (_, index) => grey(_, index) / 255);
    return network.predict(tensor4d(pixels, [1, side, side, 1])).dataSync();
  });
  await mkdir(join(folder, "model"));
  const preprocessing = plainPreprocessing([side, side], "grayscale", 1 / 255);
  await saveBundle(network, join(folder, "model"), { preprocessing, labels: ["a", "b", "c"] });
  await device.dispose();
  return {
    model: join(folder, "model"),
    probabilities: [...values],
    remove: () => rm(folder, { recursive: true }),
  };
}

/** What a page is asked, and what it puts on `globalThis.answer`. */
export interface Answer {
  readonly device: Pick<Device, "name" | "description" | "reason">;
  /** Probabilities of "a", "b" and "c". */
  readonly probabilities: readonly number[];
  /** Milliseconds for one picture, the median of 9. */
  readonly milliseconds: number;
}

/** The page's own program. @param from what it imports the classifier from */
export const pageProgram = (from = "@featuremap/inference"): string => `
import { loadClassifier } from ${JSON.stringify(from)};

const data = Uint8Array.from({ length: ${side * side} }, ${String(grey)});
async function ask() {
  const classifier = await loadClassifier(new URL("/model/model.json", location.href).href);
  const times = [];
  let predictions = [];
  for (let turn = 0; turn < 9; turn++) {
    const began = performance.now();
    ({ predictions } = await classifier.classify({ data, width: ${side}, height: ${side} }, { topK: 3 }));
    times.push(performance.now() - began);
  }
  const { name, description, reason } = classifier.device;
  return {
    device: { name, description, reason },
    probabilities: ["a", "b", "c"].map((label) => predictions.find((entry) => entry.label === label).probability),
    milliseconds: times.sort((one, other) => one - other)[4],
  };
}
export const answer = ask();
globalThis.answer = answer;
`;

/** A page's program that has a worker classify. @param worker an expression that makes it */
export const workerPageProgram = (worker: string): string => `
const worker = ${worker};
globalThis.answer = new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});
`;

/** What that worker runs, without WebGPU: what hides it from a page does not reach workers. */
export const workerProgram = (from?: string): string => `
Object.defineProperty(navigator, "gpu", { value: undefined });
${pageProgram(from)}
answer.then((found) => postMessage(found));
`;
