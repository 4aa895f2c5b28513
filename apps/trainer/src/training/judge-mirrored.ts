import type { Outputs } from "@featuremap/applications";
import type { Batch, BatchSource, HostArray } from "@featuremap/tensor";
import type { EvaluateOptions, Trainer } from "@featuremap/training";
import { type OutputReading, crossentropy, readProbabilities } from "../report/probabilities.ts";

/**
 * Judges a network by the mean of its answers to each picture and to its mirror image.
 *
 * @param outputs what the network's answers are; the mean is that of probabilities
 * @returns the mean cross-entropy of the right class, and the share of pictures whose likeliest class is the right one
 */
export async function judgeMirrored(
  trainer: Trainer,
  batches: BatchSource,
  outputs: Outputs,
  { steps, signal }: Pick<EvaluateOptions, "steps" | "signal">,
): Promise<{ readonly loss: number; readonly accuracy: number }> {
  const classes: number[] = [];
  const options = { ...(steps === undefined ? {} : { steps }), ...(signal === undefined ? {} : { signal }) };
  const plain = await trainer.predict(
    changed(batches, (batch) => void classes.push(...classesOf(batch))),
    options,
  );
  const mirrored = await trainer.predict(
    changed(batches, ({ x }) => mirror(x as HostArray)),
    options,
  );
  const [count = 0, units = 1] = plain.shape;
  const reading: OutputReading = {
    meaning: outputs === "binaryProbabilities" ? "probabilities" : outputs,
    units,
    classes: Math.max(units, 2),
    isOwn: false,
  };
  const rows = [plain, mirrored].map(() => new Float64Array(reading.classes));
  let [loss, right] = [0, 0];
  for (let place = 0; place < count; place++) {
    for (const [side, { data }] of [plain, mirrored].entries()) {
      readProbabilities(data.subarray(place * units, (place + 1) * units), reading, rows[side] as Float64Array);
    }
    const mean = Array.from(rows[0] ?? [], (value, label) => (value + (rows[1]?.[label] ?? 0)) / 2);
    const truth = classes[place] ?? -1;
    loss += crossentropy(mean, truth, reading);
    if (mean.indexOf(Math.max(...mean)) === truth) right += 1;
  }
  return { loss: loss / count, accuracy: right / count };
}

/** The same batches, each with something done to it before it is used. */
function changed(source: BatchSource, change: (batch: Batch) => void): BatchSource {
  return {
    size: source.size,
    batchSize: source.batchSize,
    batchCount: source.batchCount,
    async *batches(epoch, from) {
      for await (const batch of source.batches(epoch, from)) {
        change(batch);
        yield batch;
      }
    },
  };
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
