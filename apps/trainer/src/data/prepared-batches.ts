import { mixBatches, oneHot } from "@featuremap/datasets";
import { type Preprocessing, pictureChannels } from "@featuremap/images";
import { type Batch, type BatchSource, HostArray, fingerprintOf } from "@featuremap/tensor";

/** Class indices, one-hot rows, or 0 and 1 for a single output. */
export type LabelForm = "int" | "categorical" | "binary";

/** How the pictures of a batch are mixed, as `mixBatches` has it; 0 for never. */
export interface Mixing {
  readonly mixup: number;
  readonly cutmix: number;
  /** With the numbers of epoch and batch it decides what is mixed with what. */
  readonly seed: number;
}

/** What is done to batches of pixels and class indices. */
export interface Preparation {
  readonly labels: LabelForm;
  readonly mixing?: Mixing | undefined;
  readonly classWeights?: readonly number[] | undefined;
  readonly preprocessing: Preprocessing;
}

type LabelledBatch = Batch<HostArray, HostArray>;

/** Whether there is anything to mix. */
export function mixes({ mixup, cutmix }: Pick<Mixing, "mixup" | "cutmix">): boolean {
  return mixup > 0 || cutmix > 0;
}

/**
 * Batches as the network and its loss take them, of those that come with class indices.
 *
 * @param normalize given where the pixels are still 0 to 255
 * @returns the very batches where nothing is to be done to them
 */
export function preparedBatches(
  source: BatchSource<LabelledBatch>,
  { labels, mixing, classWeights, preprocessing }: Preparation,
  normalize?: Preprocessing,
): BatchSource {
  let batches: BatchSource<LabelledBatch> = source;
  if (labels !== "int" || normalize !== undefined) {
    const tables = normalize?.mean.map((_, channel) => valueTable(normalize, channel));
    const classes = source.classNames?.length ?? 0;
    batches = changed(batches, preprocessing, ["prepared", labels, preprocessing], ({ x, y, size }) => {
      if (normalize !== undefined && pictureChannels(normalize)[0] !== 0) turnColours(x.data);
      if (tables !== undefined) translate(x.data, tables);
      return { x, y: labelsAs(labels, y, classes), size };
    });
  }
  if (mixing !== undefined && mixes(mixing)) {
    const { mixup, cutmix, seed } = mixing;
    batches = mixBatches(batches, {
      ...(mixup > 0 ? { mixUp: mixup } : {}),
      ...(cutmix > 0 ? { cutMix: cutmix } : {}),
      seed,
    });
  }
  if (classWeights === undefined) return batches;
  return changed(batches, preprocessing, ["weighed", classWeights], (batch) => ({
    ...batch,
    sampleWeight: weightsOf(batch.y, classWeights),
  }));
}

/** The same batches with something done to each, which `what` tells from other things. */
function changed(
  source: BatchSource<LabelledBatch>,
  preprocessing: Preprocessing,
  what: unknown,
  change: (batch: LabelledBatch) => LabelledBatch,
): BatchSource<LabelledBatch> {
  const { size, batchSize, batchCount, seed, classNames = [] } = source;
  return {
    size,
    batchSize,
    batchCount,
    seed,
    preprocessing,
    classNames,
    startsAnywhere: true,
    get fingerprint() {
      return fingerprintOf([source.fingerprint ?? "", JSON.stringify(what)]);
    },
    async *batches(epoch, from) {
      for await (const batch of source.batches(epoch, from)) yield change(batch);
    },
  };
}

function labelsAs(form: LabelForm, y: HostArray, classes: number): HostArray {
  if (form === "int") return y;
  return form === "categorical" ? oneHot(y, classes) : new HostArray(Float32Array.from(y.data), [y.size, 1]);
}

/** What each picture counts: of a mixture, what its classes count by their shares. */
function weightsOf({ data, shape }: HostArray, classWeights: readonly number[]): HostArray {
  const [count = 0, columns] = shape;
  const weight = (row: number): number => {
    if (columns === undefined) return classWeights[data[row] ?? -1] ?? 1;
    if (columns > 1)
      return classWeights.reduce((sum, each, label) => sum + each * (data[row * columns + label] ?? 0), 0);
    const [first = 1, second = 1] = classWeights;
    return first + (second - first) * (data[row] ?? 0);
  };
  return new HostArray(
    Float32Array.from({ length: count }, (_, row) => weight(row)),
    [count],
  );
}

/** The network's number for each of the values that a byte can have, as `preprocessBatch` has it. */
function valueTable({ scale, mean, standardDeviation }: Preprocessing, channel: number): Float32Array {
  const table = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = (byte * scale - (mean[channel] ?? 0)) / (standardDeviation[channel] ?? 1);
  }
  return table;
}

/** Blue first in place of red. */
function turnColours(values: HostArray["data"]): void {
  for (let red = 0; red < values.length; red += 3) {
    const value = values[red] ?? 0;
    values[red] = values[red + 2] ?? 0;
    values[red + 2] = value;
  }
}

function translate(values: HostArray["data"], tables: readonly Float32Array[]): void {
  const [first] = tables;
  if (first !== undefined && tables.every((table) => table.every((value, byte) => value === first[byte]))) {
    for (let index = 0; index < values.length; index++) values[index] = first[values[index] ?? 0] ?? 0;
    return;
  }
  tables.forEach((table, channel) => {
    for (let index = channel; index < values.length; index += tables.length) {
      values[index] = table[values[index] ?? 0] ?? 0;
    }
  });
}
