import { oneHot } from "@featuremap/datasets";
import type { Preprocessing } from "@featuremap/images";
import { type Batch, type BatchSource, HostArray, RandomStream, fingerprintOf } from "@featuremap/tensor";
import { type Mixing, mixBatch, mixes } from "./mix-batch.ts";

/** Class indices, one-hot rows, or 0 and 1 for a single output. */
export type LabelForm = "int" | "categorical" | "binary";

/** What is done to batches of pixels and class indices. */
export interface Preparation {
  readonly labels: LabelForm;
  readonly mixing?: Mixing | undefined;
  readonly classWeights?: readonly number[] | undefined;
  readonly preprocessing: Preprocessing;
}

type LabelledBatch = Batch<HostArray, HostArray>;

/**
 * Batches as the network and its loss take them, of those that come with class indices.
 *
 * @param normalize given where the pixels are still 0 to 255
 * @returns the very batches where nothing is to be done to them
 */
export function preparedBatches(
  source: BatchSource<LabelledBatch>,
  preparation: Preparation,
  normalize?: Preprocessing,
): BatchSource {
  const { labels, mixing, classWeights } = preparation;
  const isDone = labels === "int" && !mixes(mixing) && classWeights === undefined && normalize === undefined;
  return isDone ? source : new PreparedBatches(source, preparation, normalize);
}

class PreparedBatches implements BatchSource {
  readonly preprocessing: Preprocessing;
  readonly classNames: readonly string[];
  readonly startsAnywhere = true;
  readonly #source: BatchSource<LabelledBatch>;
  readonly #preparation: Preparation;
  readonly #tables: readonly Float32Array[] | undefined;

  constructor(source: BatchSource<LabelledBatch>, preparation: Preparation, normalize: Preprocessing | undefined) {
    this.#source = source;
    this.#preparation = preparation;
    this.preprocessing = preparation.preprocessing;
    this.classNames = source.classNames ?? [];
    this.#tables = normalize?.mean.map((_, channel) => valueTable(normalize, channel));
  }

  get size(): number {
    return this.#source.size;
  }

  get batchSize(): number {
    return this.#source.batchSize;
  }

  get batchCount(): number {
    return this.#source.batchCount;
  }

  get seed(): number | undefined {
    return this.#source.seed;
  }

  get fingerprint(): string {
    const { labels, mixing, classWeights, preprocessing } = this.#preparation;
    const own = JSON.stringify([labels, mixing ?? null, classWeights ?? null, preprocessing]);
    return fingerprintOf([this.#source.fingerprint ?? "", own]);
  }

  async *batches(epoch: number, from = 0): AsyncGenerator<Batch, void> {
    let index = from;
    for await (const batch of this.#source.batches(epoch, from)) yield this.#prepare(batch, epoch, index++);
  }

  #prepare({ x, y, size }: LabelledBatch, epoch: number, index: number): Batch {
    if (this.#tables !== undefined) translate(x.data as Float32Array, this.#tables);
    const { labels, mixing, classWeights } = this.#preparation;
    const classes = y.data;
    let targets: HostArray = y;
    if (labels === "binary") targets = new HostArray(Float32Array.from(classes), [size, 1]);
    else if (labels === "categorical") targets = oneHot(classes, this.classNames.length);
    const sampleWeight =
      classWeights &&
      new HostArray(
        Float32Array.from(classes, (label) => classWeights[label] ?? 1),
        [size],
      );
    if (mixes(mixing)) {
      const random = new RandomStream(mixing.seed).fork(`epoch ${epoch}, batch ${index}`);
      mixBatch(x as HostArray<Float32Array>, [targets, sampleWeight], mixing, random);
    }
    return { x, y: targets, size, ...(sampleWeight === undefined ? {} : { sampleWeight }) };
  }
}

/** The network's number for each of the values that a byte can have, as `preprocessBatch` has it. */
function valueTable({ scale, mean, standardDeviation }: Preprocessing, channel: number): Float32Array {
  const table = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    table[byte] = (byte * scale - (mean[channel] ?? 0)) / (standardDeviation[channel] ?? 1);
  }
  return table;
}

function translate(values: Float32Array, tables: readonly Float32Array[]): void {
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
