import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openDevice } from "@featuremap/devices";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { RMSprop, Trainer } from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What a process holds, in bytes; tensors are counted. */
interface Held {
  readonly tensors: number;
  readonly reserved: number;
  readonly used: number;
  readonly heap: number;
}

function measure(): Held {
  for (let round = 0; round < 3; round++) collectGarbage();
  // The wasm backend adds what its own memory holds.
  const { reservedBytes, usedBytes } = tf.memory() as tf.MemoryInfo &
    Readonly<Record<"reservedBytes" | "usedBytes", number>>;
  return {
    tensors: tf.memory().numTensors,
    reserved: reservedBytes,
    used: usedBytes,
    heap: process.memoryUsage().heapUsed,
  };
}

test("1,000 training steps leave tensors, wasm memory and JavaScript heap as they were", async () => {
  const device = await openDevice("wasm", { threads: 2 });
  const random = new RandomStream(3);
  const examples = 32;
  const x = new HostArray(
    Float32Array.from({ length: examples * 64 }, () => random.normal()),
    [examples, 8, 8, 1],
  );
  const y = new HostArray(
    Int32Array.from({ length: examples }, (_, index) => index % 4),
    [examples],
  );
  const model = new Sequential([
    new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }),
    new MaxPooling2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 4, activation: "softmax" }),
  ]);
  const trainer = new Trainer(model, {
    optimizer: new RMSprop(),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const steps = async (count: number): Promise<Held> => {
    await trainer.fit({ x, y, batchSize: 8 }, { epochs: count / 4 });
    return measure();
  };
  const before = await steps(200);
  const after = await steps(1000);
  expect({ ...after, heap: 0 }).toEqual({ ...before, heap: 0 });
  // One object of 1 KB that stays behind at every step would be seen.
  expect(after.heap - before.heap).toBeLessThan(2 ** 20);
  trainer.dispose();
  model.dispose();
  await device.dispose();
});
