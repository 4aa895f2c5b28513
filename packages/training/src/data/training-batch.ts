import type { Batch, BatchSource } from "@featuremap/datasets";
import type { HostArray } from "@featuremap/tensor";

/** One batch for a model of any number of inputs and outputs, in the model's order. */
export interface TrainingBatch {
  readonly inputs: readonly HostArray[];
  /** Undefined for an output that nothing asks labels of. */
  readonly targets: readonly (HostArray | undefined)[];
  /**
   * For all outputs, or for each that has any: float32 `[size]`, or one weight for each loss of an example.
   */
  readonly sampleWeights?: readonly (HostArray | undefined)[] | undefined;
  readonly size: number;
}

/** What decides the order of data. */
export interface DataOrder {
  readonly seed: number | undefined;
  /** Takes the order of another seed; absent where it cannot be changed. */
  readonly assign?: (seed: number) => void;
}

/** What the loop reads: a {@link BatchSource} of such batches. */
export interface TrainingSource {
  /** Number of examples in an epoch. */
  readonly size: number;
  readonly batchCount: number;
  /** Absent where it is not known. */
  readonly order?: DataOrder | undefined;
  batches(epoch: number): AsyncIterable<TrainingBatch> | Iterable<TrainingBatch>;
  /** Gives back what is held open between epochs. */
  close?(): Promise<void>;
}

/** Batches of one input and one output. */
export function singleSource(source: BatchSource): TrainingSource {
  return {
    size: source.size,
    batchCount: source.batchCount,
    order: "seed" in source && typeof source.seed === "number" ? { seed: source.seed } : undefined,
    batches(epoch) {
      const batches = source.batches(epoch);
      return Symbol.asyncIterator in batches ? convertLater(batches) : convert(batches);
    },
  };
}

function* convert(batches: Iterable<Batch>): Generator<TrainingBatch, void> {
  for (const batch of batches) yield wrap(batch);
}

async function* convertLater(batches: AsyncIterable<Batch>): AsyncGenerator<TrainingBatch, void> {
  for await (const batch of batches) yield wrap(batch);
}

function wrap({ x, y, sampleWeight, size }: Batch): TrainingBatch {
  return { inputs: [x], targets: [y], sampleWeights: sampleWeight && [sampleWeight], size };
}
