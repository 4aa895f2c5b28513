import type { Order, Outcome } from "./messages.ts";

/** A running worker. */
export interface Thread {
  /** @param buffers change hands */
  post(order: Order, buffers?: readonly ArrayBuffer[]): void;
  /** Whether the process stays alive for its sake. */
  keepAlive(isNeeded: boolean): void;
  terminate(): Promise<void>;
}

/** Who hears of it. */
export interface ThreadListener {
  onOutcomes(outcomes: readonly Outcome[]): void;
  /** It has ended unasked, and answers nothing any more. */
  onEnd(reason: Error): void;
}
