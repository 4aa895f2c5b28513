import type { BatchSource } from "@featuremap/datasets";
import type { Model } from "@featuremap/layers";
import { AbortedError, HostArray, InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { inputTensor } from "./device-tensors.ts";
import { giveWay } from "./give-way.ts";
import { readAhead } from "./read-ahead.ts";

/**
 * A model's outputs for all inputs. While one batch is read back, the device has the next.
 *
 * @throws {ShapeError} inputs do not fit the model.
 * @throws {AbortedError} the signal ended it.
 */
export async function predictBatches(
  model: Model,
  data: HostArray | BatchSource,
  batchSize: number,
  signal: AbortSignal | undefined,
): Promise<HostArray<Float32Array>> {
  const parts: Float32Array[] = [];
  let examples = 0;
  let entry: readonly number[] = [];
  let reading: Promise<void> | undefined;
  try {
    for await (const x of readAhead(inputsOf(data, batchSize))) {
      if (signal?.aborted) throw new AbortedError("The prediction was aborted.");
      if (!model.built) model.build([null, ...x.shape.slice(1)]);
      const output = tidy(() => model.predict(inputTensor(x)));
      entry = output.shape.slice(1);
      examples += x.shape[0] ?? 0;
      await reading;
      reading = readInto(parts, output);
      await giveWay();
    }
  } finally {
    await reading;
  }
  const all = new Float32Array(examples * sizeOf(entry));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return new HostArray(all, [examples, ...entry]);
}

async function readInto(parts: Float32Array[], output: Tensor): Promise<void> {
  try {
    parts.push((await output.data()) as Float32Array);
  } finally {
    output.dispose();
  }
}

async function* inputsOf(data: HostArray | BatchSource, batchSize: number): AsyncGenerator<HostArray, void> {
  if (!(data instanceof HostArray)) {
    for await (const { x } of data.batches(0)) yield x;
    return;
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InvalidConfigError("Trainer.predict", "batchSize", "an integer of at least 1", batchSize);
  }
  const size = data.shape[0] ?? 0;
  for (let start = 0; start < size; start += batchSize) yield data.slice(start, Math.min(start + batchSize, size));
}
