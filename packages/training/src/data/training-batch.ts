import type { HostArray } from "@featuremap/tensor";

/** How much examples of each class count; classes that are left out count 1. */
export type ClassWeight = ClassWeightRecord | ReadonlyMap<number, number>;

/** The same, once it is known to be a record. */
export type ClassWeightRecord = Readonly<Record<number, number>>;

/** One batch for a model of any number of inputs and outputs, in the model's order. */
export interface TrainingBatch {
  readonly inputs: readonly HostArray[];
  /** Undefined for an output that nothing asks labels of. */
  readonly targets: readonly (HostArray | undefined)[];
  /**
   * For all outputs, or for each that has any: float32 `[size]`, or one weight for each loss of an example.
   */
  readonly sampleWeights?: readonly (HostArray | undefined)[] | undefined;
  /** What the weights of examples were multiplied by; absent where classes count alike. */
  readonly classWeight?: ClassWeightRecord;
  readonly size: number;
  /** To be called once nobody looks at the arrays any more: whoever made them may use their memory again. */
  readonly release?: () => void;
}

/** What decides the order of data. */
export interface DataOrder {
  readonly seed: number | undefined;
  /** Takes the order of another seed; absent where it cannot be changed. */
  readonly assign?: (seed: number) => void;
}

/** What the loop reads: batches, as often as they are asked for. */
export interface TrainingSource {
  /** Number of examples in an epoch; infinite while it is not known. */
  readonly size: number;
  /** Number of batches in an epoch; infinite while it is not known. */
  readonly batchCount: number;
  /** Absent where it is not known. */
  readonly order?: DataOrder | undefined;
  /** Tells these data from others; absent where nothing does. */
  readonly fingerprint?: string | undefined;
  /** The batches of an epoch from one on, counted from 0. Default: all. */
  batches(epoch: number, from?: number): AsyncIterable<TrainingBatch> | Iterable<TrainingBatch>;
  /** Gives back what is held open between epochs. */
  close?(): Promise<void>;
}
