import { writeFileWhole } from "@featuremap/files";
import { Callback, type CallbackState, type Logs, type TrainingRun } from "@featuremap/training";
import type { CurveHistory } from "@featuremap/visualize";
import type { RunPaths } from "./run-paths.ts";

/** Numbers of an epoch. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  readonly seconds: number;
  /** Where it moves from step to step, that of the step after its last, as Keras tells it to TensorBoard; else its own. */
  readonly learning_rate: number;
  /** Loss and metrics. */
  readonly [name: string]: number;
}

/** Writes each epoch's numbers to the run's folder, and goes on with those that are there. */
export class RunHistory extends Callback {
  static override readonly className: string = "RunHistory";
  readonly #paths: Pick<RunPaths, "history" | "historyTable">;
  #rows: EpochRow[];
  #began = 0;

  /** @param rows epochs of the same run before it was interrupted */
  constructor(paths: Pick<RunPaths, "history" | "historyTable">, rows: readonly EpochRow[] = []) {
    super();
    this.#paths = paths;
    this.#rows = [...rows];
  }

  get rows(): readonly EpochRow[] {
    return this.#rows;
  }

  /** Every epoch's loss and metrics by name, in order. */
  get history(): Record<string, number[]> {
    const columns: Record<string, number[]> = {};
    for (const { epoch: _, seconds: __, learning_rate: ___, ...metrics } of this.#rows) {
      for (const [name, value] of Object.entries(metrics)) (columns[name] ??= []).push(value);
    }
    return columns;
  }

  /** What is drawn of the epochs: loss, metrics and learning rates. */
  get curves(): CurveHistory {
    const rates = this.#rows.map(({ learning_rate }) => learning_rate);
    return { history: { ...this.history, "learning rate": rates } };
  }

  /** Loss and metrics of the last epoch by name. */
  get lastMetrics(): Record<string, number> {
    return metricsOf(this.#rows.at(-1));
  }

  override onEpochBegin(): void {
    this.#began = performance.now();
  }

  override async onEpochEnd(epoch: number, logs: Logs, { optimizer }: TrainingRun): Promise<void> {
    const seconds = (performance.now() - this.#began) / 1000;
    this.#rows.push({ epoch: epoch + 1, seconds, learning_rate: optimizer.learningRate, ...logs });
    await this.write();
  }

  async write(): Promise<void> {
    const lines = this.#rows.map((row) => `${JSON.stringify(row)}\n`);
    await writeFileWhole(this.#paths.history, lines.join(""));
    await writeFileWhole(this.#paths.historyTable, tableOf(this.#rows));
  }

  override saveState(): CallbackState {
    return { values: { epochs: this.#rows.length } };
  }

  /** What was written after the checkpoint will be computed again. */
  override restoreState({ values }: CallbackState): void {
    this.#rows = this.#rows.slice(0, values["epochs"] ?? 0);
  }
}

/** Loss and metrics by name. */
export function metricsOf(row: EpochRow | undefined): Record<string, number> {
  if (row === undefined) return {};
  const { epoch: _, seconds: __, learning_rate: ___, ...metrics } = row;
  return metrics;
}

function tableOf(rows: readonly EpochRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((name) => row[name] ?? "").join(","));
  return columns.length === 0 ? "" : `${[columns.join(","), ...lines].join("\n")}\n`;
}
