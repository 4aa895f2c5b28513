import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError } from "@featuremap/tensor";
import type { TrainingSource } from "../training-batch.ts";
import { DataSource } from "./data-source.ts";
import { picturesOf } from "./known-pictures.ts";

/** What comes in batches, whose size and order nobody else decides. */
export class BatchedSource extends DataSource {
  override readonly once: boolean;
  readonly #given: unknown;
  readonly #batches: TrainingSource;

  /** @param given what the user gave */
  constructor(given: unknown, batches: TrainingSource, once = false) {
    super();
    this.#given = given;
    this.#batches = batches;
    this.once = once;
  }

  override get pictures(): KnownPictures | undefined {
    return picturesOf(this.#given);
  }

  override batches(): TrainingSource {
    return this.#batches;
  }

  override refuse(owner: string, options: Readonly<Record<string, unknown>>): void {
    const wrong = Object.entries(options).find(([, value]) => value !== undefined);
    if (wrong === undefined) return;
    throw new InvalidConfigError(owner, wrong[0], "left to the batches that are given", wrong[1]);
  }
}
