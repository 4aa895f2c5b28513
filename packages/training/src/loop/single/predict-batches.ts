import type { Model } from "@featuremap/layers";
import { AbortedError, HostArray, sizeOf } from "@featuremap/tensor";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { CallbackList } from "../callback-list.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import { inputTensor } from "../../data/device-tensors.ts";
import type { TrainingSource } from "../../data/training-batch.ts";
import { giveWay } from "../give-way.ts";
import { explained } from "../too-large.ts";
import { steadyWeights } from "../../step/sole-training.ts";
import { PlainRun } from "../../run/plain-run.ts";
import { readAhead } from "../read-ahead.ts";

/** What `predict` goes by. */
export interface PredictionOptions {
  /** Batches to take at most. */
  readonly steps?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly callbacks: CallbackList;
  /** For callbacks, to whom every run shows one. */
  readonly optimizer: Optimizer;
}

/** Values of one output, batch after batch. */
interface OutputParts {
  readonly parts: Float32Array[];
  entry: readonly number[];
}

/**
 * A model's outputs for all inputs. While one batch is read back, the device has the next.
 *
 * @param source batches of which only the inputs are looked at
 * @throws {ShapeError} inputs do not fit the model.
 * @throws {NotReadyError} the model was trained meanwhile.
 * @throws {AbortedError} the signal ended it.
 */
export async function predictBatches(
  model: Model,
  source: TrainingSource,
  { steps = Number.POSITIVE_INFINITY, signal, callbacks, optimizer }: PredictionOptions,
): Promise<HostArray<Float32Array>[]> {
  const collected: OutputParts[] = [];
  const run = new PlainRun(model, optimizer, {
    get batchCount() {
      return Math.min(steps, source.batchCount);
    },
  });
  const [before, after] = [callbacks.hearing("onPredictBatchBegin"), callbacks.hearing("onPredictBatchEnd")];
  const leave = (): never => {
    throw new AbortedError("The prediction was aborted.");
  };
  let [examples, size] = [0, 0];
  let reading: Promise<unknown> | undefined;
  let step = 0;
  let requireSteady: (() => void) | undefined;
  try {
    await callbacks.tell((each) => each.onPredictBegin(run));
    for await (const { inputs } of readAhead(source.batches(0), signal, leave)) {
      if (signal?.aborted) leave();
      size = inputs[0]?.shape[0] ?? 0;
      for (const callback of before) await callback.onPredictBatchBegin(step, run);
      (requireSteady ??= steadyWeights("Trainer.predict", model))();
      const outputs = predictOne(model, inputs);
      for (const [index, output] of outputs.entries()) {
        const into = (collected[index] ??= { parts: [], entry: [] });
        into.entry = output.shape.slice(1);
      }
      examples += size;
      await reading;
      reading = Promise.all(outputs.map((output, index) => readInto(collected[index]?.parts ?? [], output)));
      if (after.length > 0) {
        await reading;
        const made = collected.map(({ parts, entry }) => joined(parts.slice(-1), [inputs[0]?.shape[0] ?? 0, ...entry]));
        for (const callback of after) await callback.onPredictBatchEnd(step, made, run);
      }
      await giveWay();
      if (++step >= steps || run.stopping) break;
    }
    await reading;
    await callbacks.tell((each) => each.onPredictEnd(run));
  } catch (error) {
    throw explained(error, "Trainer.predict", size);
  } finally {
    // Awaited above where nothing failed; another error is to be told, not this one.
    await reading?.catch(() => {});
    await callbacks.tell((each) => each.onPredictExit(run));
  }
  if (collected.length === 0) collected.push({ parts: [], entry: [] });
  return collected.map(({ parts, entry }) => joined(parts, [examples, ...entry]));
}

/** The outputs for one batch, which the caller owns. */
export function predictOne(model: Model, inputs: readonly HostArray[]): Tensor[] {
  if (!model.built) model.buildAll(inputs.map((x) => [null, ...x.shape.slice(1)]));
  return tidy(() => model.predictAll(inputs.map((x) => inputTensor(x))));
}

function joined(parts: readonly Float32Array[], shape: readonly number[]): HostArray<Float32Array> {
  const all = new Float32Array(sizeOf(shape));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return new HostArray(all, shape);
}

async function readInto(parts: Float32Array[], output: Tensor): Promise<void> {
  try {
    parts.push(await output.data<"float32">());
  } finally {
    output.dispose();
  }
}
