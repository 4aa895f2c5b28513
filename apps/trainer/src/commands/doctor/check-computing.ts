import { type Device, openDevice } from "@featuremap/devices";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { SGD, Trainer } from "@featuremap/training";
import type { Finding } from "./finding.ts";

/** Everything that a short training comes to, as one list of numbers: answers, then weights. */
export type Computed = Float32Array;

/** How far two devices may differ: what order of summing and a GPU's shorter products make, and no more. */
const tolerance = 1e-3;

/**
 * Trains a tiny network for two steps on the device that is open: convolution, pooling, dense layers and softmax forward and
 * backward, and the optimizer's steps. The same numbers come out everywhere, but for rounding.
 */
export async function computeShort(): Promise<Computed> {
  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [13, 12, 3] }),
      new MaxPooling2D({ poolSize: 2 }),
      new Conv2D({ filters: 6, kernelSize: 3, padding: "same", activation: "relu" }),
      new Flatten(),
      new Dense({ units: 4, activation: "softmax" }),
    ],
    { seed: 1 },
  );
  const trainer = new Trainer(model, {
    optimizer: new SGD({ learningRate: 0.05, momentum: 0.9 }),
    loss: "sparseCategoricalCrossentropy",
  });
  try {
    const random = new RandomStream(1);
    const x = new HostArray(
      Float32Array.from({ length: 6 * 13 * 12 * 3 }, () => random.uniform(-1, 1)),
      [6, 13, 12, 3],
    );
    const y = new HostArray(Int32Array.from([0, 1, 2, 3, 0, 1]), [6]);
    for (let step = 0; step < 2; step++) await trainer.trainOnBatch(x, y);
    const answers = await trainer.predictOnBatch(x);
    const parts = [answers as HostArray, ...(await model.getWeights())];
    return Float32Array.from(parts.flatMap(({ data }) => Array.from(data)));
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** What two devices made of the same. */
export function compareComputed(name: string, here: Computed, reference: Computed): Finding {
  const topic = "computing";
  const count = reference.length;
  let largest = here.length === count ? 0 : Number.POSITIVE_INFINITY;
  for (const [index, expected] of reference.entries()) {
    const difference = Math.abs((here[index] ?? Number.NaN) - expected);
    // NaN is larger than anything.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  const what = `a short training on ${name} and on cpu`;
  if (largest <= tolerance) {
    return { topic, status: "ok", text: `${what} give the same ${count} numbers, to ${largest.toExponential(1)}` };
  }
  return {
    topic,
    status: "problem",
    text: `${what} give numbers that differ by up to ${largest.toExponential(1)}`,
    remedy: `Do not trust ${name} here: use another with --device, and report what this command prints.`,
  };
}

/** Whether the device computes what the reference does. The reference is the backend of tensors afterwards. */
export async function checkComputing(device: Device): Promise<Finding> {
  let here: Computed;
  try {
    here = await computeShort();
  } catch (error) {
    const text = `${device.name} cannot train: ${error instanceof Error ? error.message : String(error)}`;
    return { topic: "computing", status: "problem", text, remedy: "Use another device with --device." };
  }
  if (device.name === "cpu") return checkReference(here);
  const reference = await openDevice("cpu");
  try {
    return compareComputed(device.name, here, await computeShort());
  } finally {
    await reference.dispose();
  }
}

/** There is nothing to compare the reference with. */
function checkReference(numbers: Computed): Finding {
  const topic = "computing";
  if (numbers.every(Number.isFinite)) {
    return { topic, status: "ok", text: `a short training on cpu, the reference, gives ${numbers.length} numbers` };
  }
  const text = "a short training on cpu gives NaN or infinity";
  return {
    topic,
    status: "problem",
    text,
    remedy: "Node or this processor computes wrong numbers: report what this command prints.",
  };
}
