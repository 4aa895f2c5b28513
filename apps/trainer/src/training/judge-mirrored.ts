import type { Outputs } from "@featuremap/applications";
import type { Model } from "@featuremap/layers";
import { AbortedError, type Batch, type BatchSource, type HostArray } from "@featuremap/tensor";
import type { EvaluateOptions } from "@featuremap/training";
import { type Asked, askNetwork, meanAnswers } from "../report/answers.ts";

/**
 * Judges a network by the mean of its answers to each picture and to its mirror image.
 *
 * @param outputs what the network's answers are; the mean is that of probabilities
 * @returns the mean cross-entropy of the right class, and the share of pictures whose likeliest class is the right one
 * @throws {NonFiniteError} it gives NaN or infinity for a picture.
 * @throws {AbortedError} the signal was raised.
 */
export async function judgeMirrored(
  model: Model,
  source: BatchSource,
  outputs: Outputs,
  { steps = Number.POSITIVE_INFINITY, signal }: Pick<EvaluateOptions, "steps" | "signal">,
): Promise<{ readonly loss: number; readonly accuracy: number }> {
  const units = model.output.shape.at(-1) ?? 1;
  const meaning = outputs === "binaryProbabilities" ? "probabilities" : outputs;
  let [step, images, loss, right] = [0, 0, 0, 0];
  const asked: Asked = {
    model,
    reading: { meaning, units, classes: Math.max(units, 2), isOwn: false },
    nameOf: (index) => `picture ${images + index + 1}`,
  };
  for await (const batch of source.batches(0)) {
    if (signal?.aborted === true) throw new AbortedError("The evaluation was aborted.");
    const x = batch.x as HostArray<Float32Array>;
    const labels = classesOf(batch);
    const plain = await askNetwork(asked, x, labels);
    mirror(x);
    const { rows, losses } = meanAnswers(plain, await askNetwork(asked, x, labels));
    images += labels.length;
    for (const [index, label] of labels.entries()) {
      loss += losses[index] ?? Number.NaN;
      const row = rows[index] ?? new Float64Array();
      if (row.indexOf(Math.max(...row)) === label) right += 1;
    }
    if (++step >= steps) break;
  }
  return { loss: loss / images, accuracy: right / images };
}

function classesOf({ y, size }: Batch): number[] {
  const { data, shape } = y as HostArray;
  const [, columns = 1] = shape;
  if (shape.length === 1 || columns === 1) return Array.from(data, Number);
  return Array.from({ length: size }, (_, row) => data.subarray(row * columns, (row + 1) * columns).indexOf(1));
}

/** Turns each row of pixels around, in place. */
function mirror({ data, shape }: HostArray): void {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  for (let row = 0; row < count * height; row++) {
    const pixels = data.subarray(row * width * channels, (row + 1) * width * channels);
    for (let left = 0, right = width - 1; left < right; left++, right--) {
      for (let channel = 0; channel < channels; channel++) {
        const [one, other] = [left * channels + channel, right * channels + channel];
        [pixels[one], pixels[other]] = [pixels[other] ?? 0, pixels[one] ?? 0];
      }
    }
  }
}
