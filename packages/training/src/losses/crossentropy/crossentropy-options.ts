import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { anyIntegerOption } from "../../config/kinds.ts";
import { type LossConfig, lossOptions } from "../loss.ts";

/** Options of several crossentropies; each class says what it smooths labels to, and what its axis holds. */
export interface CrossentropyConfig extends LossConfig {
  readonly fromLogits?: boolean;
  readonly labelSmoothing?: number;
  readonly axis?: number;
}

/** For crossentropies to declare after their own options. */
export const crossentropyOptions: PlainOptions<CrossentropyConfig> = {
  fromLogits: Option.flag().default(false),
  labelSmoothing: Option.range(0, 1).default(0),
  axis: anyIntegerOption().default(-1).notNull(),
  ...lossOptions,
};
