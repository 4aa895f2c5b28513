import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError } from "@featuremap/tensor";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";
import type { ArrayOrder } from "./array-batches.ts";

/** Data as users give them, once their kind is known: what the rest of training asks of any of them. */
export abstract class DataSource {
  /** What they say themselves of how they are cut into batches. */
  readonly ownOrder: ArrayOrder = {};
  /** Whether their batches come but once. */
  readonly once: boolean = false;
  /** Whether an epoch of a given number of steps goes on with their beginning after their end; else it ends there. */
  readonly repeats: boolean = true;

  /** What they tell of their pictures; undefined where they tell nothing. */
  abstract get pictures(): KnownPictures | undefined;

  /** Batches of them. @param order for data that are not in batches yet @throws {InvalidConfigError} an option is wrong. */
  abstract batches(order: ArrayOrder): TrainingSource;

  /** @throws {InvalidConfigError} one of a call's options on batches is given, and the data have decided it themselves. */
  refuse(_owner: string, _options: Readonly<Record<string, unknown>>): void {}

  /** The first and the last examples. @param share of the last ones @throws {InvalidConfigError} they cannot be parted. */
  split(owner: string, share: number): readonly [DataSource, DataSource] {
    const expected =
      "for arrays (of a data set, give dataset.split(0.9), one part to learn from and one as validationData)";
    throw new InvalidConfigError(owner, "validationSplit", expected, share);
  }

  /** All examples as one batch; undefined where they are not at hand. */
  whole(): TrainingBatch | undefined {
    return undefined;
  }
}
