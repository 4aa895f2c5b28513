import type { HostArray } from "@featuremap/tensor";

/** What a callback remembers. */
export interface CallbackState {
  /** Plain JSON; numbers that are undefined are left out. */
  readonly values: Readonly<Record<string, number>>;
  readonly arrays?: readonly HostArray[];
}
