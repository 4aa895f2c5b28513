import { Option } from "@featuremap/tensor";
import { anything, callOption } from "../config/call-option.ts";
import type { PlainOptions } from "../config/configured.ts";

/** Which layers of the base learn once it is unfrozen: all, so many of the last that have weights, or those of these names. */
export type Unfreeze = "all" | number | readonly string[];

/** What learns once the base is unfrozen, and how fast. */
export interface UnfreezeOptions {
  /**
   * What of the base learns then: `"all"`, so many of its last layers that have weights, or layers by name. Default: `"all"`.
   */
  readonly unfreeze?: Unfreeze;
  /**
   * Whether BatchNormalization of unfrozen layers learns too, and uses the batch's statistics. Default: false, as Keras's guide
   * to transfer learning advises: it stays frozen, in inference mode.
   */
  readonly trainBatchNormalization?: boolean;
  /**
   * Factor of the learning rate for each layer that learns, from the base's last to its first, in (0, 1]: with 0.9 the last
   * takes 0.9 of the head's rate, the one before it 0.81. Default: 1.
   */
  readonly learningRatePerDepth?: number;
}

export const unfreezeOptions: PlainOptions<UnfreezeOptions> = {
  unfreeze: callOption(anything<Unfreeze>(), "all" as const),
  trainBatchNormalization: callOption(Option.flag(), false),
  learningRatePerDepth: callOption(
    Option.within("in (0, 1]", (value) => value > 0 && value <= 1),
    1,
  ),
};
