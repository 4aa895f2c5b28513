/** Loss and metrics by name: `loss`, `accuracy`, and with `val_` before them those on validation data. */
export type Logs = Readonly<Record<string, number>>;

/** Sums over the batches of a pass so far, as plain JSON. */
export interface TotalsState {
  readonly loss: number;
  readonly examples: number;
  readonly outputs: readonly {
    readonly loss: number;
    readonly metrics: readonly { readonly sums: readonly number[]; readonly count: number }[];
  }[];
}

/** Logs by the names they have on validation data. */
export function validationLogs(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
}
