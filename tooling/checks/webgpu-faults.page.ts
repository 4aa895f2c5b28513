import { openDevice } from "@featuremap/devices";
import { Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { Trainer } from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";

/** What happens to errors of a GPU. */
export interface PageFault {
  /** The error's code and message, or what was given instead. */
  readonly outcome: string;
  readonly bytesWanted?: number | undefined;
  /** What a later computation of the same kind gives. */
  readonly afterwards: readonly number[];
  /** Tensors that were left behind. */
  readonly leaked: number;
}

const size = 256;

/** A network whose first layer gives 18 MB for each picture. */
function wideNetwork(): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 72, kernelSize: 1, activation: "relu", inputShape: [size, size, 3] }),
      new GlobalAveragePooling2D(),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 3 },
  );
}

async function outcomeOf(work: () => unknown): Promise<Pick<PageFault, "outcome" | "bytesWanted">> {
  try {
    return { outcome: `gave ${String(await work()).slice(0, 40)}` };
  } catch (error) {
    if (!(error instanceof Error)) return { outcome: String(error) };
    const { code = error.name, bytesWanted } = error as { readonly code?: string; readonly bytesWanted?: number };
    return { outcome: `${code}: ${error.message}`, bytesWanted };
  }
}

/** Values of a tensor, which is disposed of whatever happens. */
async function take(tensor: tf.Tensor): Promise<number[]> {
  try {
    return Array.from(await tensor.data<"float32">());
  } finally {
    tensor.dispose();
  }
}

/** Predicts, predicts by a trainer, or trains with 64 pictures, past what the GPU allows; then with 2. */
async function useLargeBatch(use: "predict" | "Trainer.predict" | "fit"): Promise<PageFault> {
  await openDevice("webgpu");
  const before = tf.memory().numTensors;
  const model = wideNetwork();
  const trainer = new Trainer(model, { loss: "categoricalCrossentropy", optimizer: "sgd" });
  const run = async (count: number): Promise<number[]> => {
    const shape = [count, size, size, 3];
    const pixels = Float32Array.from({ length: count * size * size * 3 }, (_, index) => (index % 255) / 255);
    if (use === "predict") {
      const input = tf.tensor(pixels, shape);
      try {
        return await take(model.predict(input));
      } finally {
        input.dispose();
      }
    }
    const x = new HostArray(pixels, shape);
    if (use === "Trainer.predict") return Array.from((await trainer.predict(x, { batchSize: count })).data);
    const y = HostArray.from(Array.from({ length: count }, () => [1, 0, 0]));
    const history = await trainer.fit({ x, y }, { epochs: 1, batchSize: count, verbose: 0 });
    return [...(history.history["loss"] ?? [])];
  };
  const fault = await outcomeOf(() => run(64));
  const afterwards = await run(2);
  model.dispose();
  trainer.dispose();
  return { ...fault, afterwards, leaked: tf.memory().numTensors - before };
}

/** Takes a buffer away from a tensor, computes with it, and reads two results at once. */
async function useDestroyedBuffer(): Promise<readonly PageFault[]> {
  await openDevice("webgpu");
  const before = tf.memory().numTensors;
  const input = tf.tidy(() => tf.add(tf.zeros([5000]), 0));
  const buffer = input.dataToGPU();
  await input.data();
  const doomed = tf.add(buffer.tensorRef, 1);
  const beside = tf.add(input, 2);
  buffer.buffer?.destroy();
  const results = [await Promise.all([outcomeOf(() => doomed.data()), outcomeOf(() => beside.data())])].flat();
  results.push(await outcomeOf(() => doomed.data()), await outcomeOf(() => tf.add(doomed, 1).data()));
  const afterwards = (await take(tf.add(input, 3))).slice(0, 1);
  tf.dispose([input, buffer.tensorRef, doomed, beside]);
  return results.map((result) => ({ ...result, afterwards, leaked: tf.memory().numTensors - before }));
}

/** Loses the device while a result is read, and opens it again. */
async function loseDevice(): Promise<PageFault> {
  const device = await openDevice("webgpu");
  const input = tf.ones([5000]);
  const result = tf.add(input, 1);
  const reading = outcomeOf(() => result.data());
  await device.dispose();
  const fault = await reading;
  await openDevice("webgpu");
  return { ...fault, afterwards: (await take(tf.add(tf.ones([5000]), 1))).slice(0, 1), leaked: 0 };
}

/** Trains a network in whose kernel a NaN stands. */
async function trainNan(activation: "relu6" | "sigmoid"): Promise<string> {
  await openDevice("webgpu");
  const model = new Sequential([
    new Dense({ units: 4, activation, inputShape: [3] }),
    new Dense({ units: 2, activation: "softmax" }),
  ]);
  model.weights[0]?.assign(
    new HostArray(
      Float32Array.from({ length: 12 }, (_, index) => (index === 5 ? NaN : 0.1)),
      [3, 4],
    ),
  );
  const trainer = new Trainer(model, { loss: "categoricalCrossentropy", optimizer: "sgd" });
  const x = HostArray.from([
    [1, 2, 3],
    [3, 2, 1],
  ]);
  const y = HostArray.from([
    [1, 0],
    [0, 1],
  ]);
  const { outcome } = await outcomeOf(() => trainer.fit({ x, y }, { epochs: 2, verbose: 0 }));
  model.dispose();
  trainer.dispose();
  return outcome;
}

Object.assign(globalThis, { loseDevice, trainNan, useDestroyedBuffer, useLargeBatch });
