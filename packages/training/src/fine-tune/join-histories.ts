import type { History } from "../run/history.ts";

/** Two parts of one training; what only one of them measured is NaN in the other. */
export function joinHistories(first: History, second: History): History {
  const { stopped: _stopped, abortedAt: _abortedAt, ...earlier } = first;
  const names = new Set([...Object.keys(earlier.history), ...Object.keys(second.history)]);
  const column = ({ epoch, history }: Pick<History, "epoch" | "history">, name: string): readonly number[] =>
    history[name] ?? epoch.map(() => Number.NaN);
  return {
    ...second,
    epoch: [...earlier.epoch, ...second.epoch],
    history: Object.fromEntries([...names].map((name) => [name, [...column(earlier, name), ...column(second, name)]])),
  };
}
