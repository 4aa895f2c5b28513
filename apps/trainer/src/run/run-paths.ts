import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where everything of a run lies. */
export interface RunPaths {
  readonly path: string;
  /** What starts the same run again. */
  readonly config: string;
  /** What it ran on. */
  readonly environment: string;
  /** Which picture is of which part. */
  readonly split: string;
  /** Each epoch's numbers, as a table and as JSON lines. */
  readonly historyTable: string;
  readonly history: string;
  /** For `tensorboard --logdir`. */
  readonly events: string;
  /** What it goes on from. */
  readonly last: string;
  /** The newest checkpoint in it. */
  readonly backup: string;
  /** The one before, for when the newest cannot be read. */
  readonly previous: string;
  /** The model of the best epoch. */
  readonly best: string;
  readonly model: string;
  /** The model card. */
  readonly card: string;
  /** The page, which is written last. */
  readonly report: string;
}

/** @param path the run's folder */
export function runPaths(path: string): RunPaths {
  const last = join(path, "checkpoints", "last");
  return {
    path,
    config: join(path, "config.json"),
    environment: join(path, "environment.json"),
    split: join(path, "split.csv"),
    historyTable: join(path, "history.csv"),
    history: join(path, "history.jsonl"),
    events: join(path, "tensorboard"),
    last,
    backup: join(last, "backup.safetensors"),
    previous: join(last, "previous.safetensors"),
    best: join(path, "checkpoints", "best"),
    model: join(path, "model"),
    card: join(path, "README.md"),
    report: join(path, "report.html"),
  };
}

/** Whether there is something to go on from; it may be damaged. */
export function hasCheckpoint({ backup, previous }: Pick<RunPaths, "backup" | "previous">): boolean {
  return existsSync(backup) || existsSync(previous);
}
