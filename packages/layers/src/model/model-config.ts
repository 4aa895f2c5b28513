import type { OptionNames } from "@featuremap/tensor";
import type { SymbolicTensor } from "../layer/layer.ts";

export interface SequentialConfig {
  readonly name?: string | undefined;
  /** `false` freezes every layer, also those added later. Default: true, which leaves layers as they are. */
  readonly trainable?: boolean | undefined;
  /** Makes the first values of all weights and all dropout masks the same each time. An integer in [0, 2^32). */
  readonly seed?: number | undefined;
}

export interface ModelConfig extends SequentialConfig {
  /** Where data enters: tensors of `Input`, or inner tensors of another model, whose layers are then shared. */
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
}

/** The names of these options. */
export const sequentialOptions: OptionNames<SequentialConfig> = { name: true, trainable: true, seed: true };
export const modelOptions: OptionNames<ModelConfig> = { inputs: true, outputs: true, ...sequentialOptions };
