import type { OptionNames } from "@featuremap/tensor";
import type { ModelEnds } from "./model-ends.ts";

export interface SequentialConfig {
  readonly name?: string | undefined;
  /** `false` freezes every layer, also those added later. Default: true, which leaves layers as they are. */
  readonly trainable?: boolean | undefined;
  /** Makes the first values of all weights and all dropout masks the same each time. An integer in [0, 2^32). */
  readonly seed?: number | undefined;
}

export interface ModelConfig extends SequentialConfig {
  /** Where data enters: tensors of `Input`, or inner tensors of another model, whose layers are then shared. */
  readonly inputs: ModelEnds;
  /** What it computes. Several by names come in the order of their names, as Keras flattens them; files keep the names. */
  readonly outputs: ModelEnds;
}

/** The names of these options. */
export const sequentialOptions: OptionNames<SequentialConfig> = { name: true, trainable: true, seed: true };
export const modelOptions: OptionNames<ModelConfig> = { inputs: true, outputs: true, ...sequentialOptions };
