import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { anyIntegerOption } from "../../config/kinds.ts";
import { type LossConfig, lossOptions } from "../loss.ts";

/** What crossentropies of probabilities take; what labels are smoothed to, and what the axis is of, is each class's own. */
export interface CrossentropyConfig extends LossConfig {
  readonly fromLogits?: boolean;
  readonly labelSmoothing?: number;
  readonly axis?: number;
}

/** For crossentropies to declare their own options before. */
export const crossentropyOptions: PlainOptions<CrossentropyConfig> = {
  fromLogits: Option.flag().default(false),
  labelSmoothing: Option.range(0, 1).default(0),
  axis: anyIntegerOption().default(-1),
  ...lossOptions,
};
