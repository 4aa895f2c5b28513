import type { RandomState } from "@featuremap/tensor";
import type { TotalsState } from "./logs.ts";

/** Where training stands, beside weights and optimizer; plain JSON. */
export interface RunState {
  /** Epochs that are complete. */
  readonly epoch: number;
  /** Whether the next one has begun, so that callbacks have set its learning rate. */
  readonly begun: boolean;
  /** Batches done in it. */
  readonly step: number;
  /** Sums over those batches; absent where there is none. */
  readonly totals?: TotalsState;
  /** Where each layer's random stream stands, by path. */
  readonly random: Readonly<Record<string, RandomState>>;
  /** What decides the order of the data; absent where nothing does. */
  readonly seed?: number;
  /** Tells the data from others; absent where nothing does. */
  readonly fingerprint?: string;
}
