import { appendToFile } from "#files";
import { type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import type { Logs } from "../loop/totals.ts";
import { Callback, type TrainingRun } from "./callback.ts";
import { encodeFileVersion, encodeScalar } from "./event-file.ts";

export interface TensorBoardConfig {
  /** Folder for the event files, which TensorBoard is given as `--logdir`. Default: `logs`. */
  readonly logDir?: string;
}

const options: OptionNames<TensorBoardConfig> = { logDir: true };

/**
 * Writes losses, metrics and the learning rate of every epoch for TensorBoard: `epoch_loss`, `epoch_accuracy`,
 * `epoch_learning_rate` in `<logDir>/train`, and those on validation data by the same names in `<logDir>/validation`.
 *
 * Needs files, which Node has and a page has not.
 * Source: Keras 3 `TensorBoard` with `update_freq="epoch"`, without graphs, histograms, images and profiles.
 */
export class TensorBoard extends Callback {
  readonly logDir: string;
  #name = "";
  readonly #begun = new Set<string>();

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: TensorBoardConfig = {}) {
    checkOptions("TensorBoard", config, options);
    super();
    this.logDir = config.logDir ?? "logs";
  }

  override onTrainBegin(): void {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    this.#name = `events.out.tfevents.${seconds}.featuremap.${new RandomStream().uint32()}.v2`;
    this.#begun.clear();
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(epoch: number, logs: Logs, { optimizer }: TrainingRun): Promise<void> {
    const entries = Object.entries(logs);
    const validated = entries.filter(([name]) => name.startsWith("val_"));
    const trained = entries.filter(([name]) => !name.startsWith("val_") && name !== "learning_rate");
    await this.#write("train", epoch, [...trained, ["learning_rate", optimizer.learningRate]]);
    await this.#write(
      "validation",
      epoch,
      validated.map(([name, value]) => [name.slice("val_".length), value]),
    );
  }

  async #write(folder: string, epoch: number, scalars: readonly (readonly [string, number])[]): Promise<void> {
    if (scalars.length === 0) return;
    const path = `${this.logDir}/${folder}/${this.#name}`;
    const wallTime = Date.now() / 1000;
    const records = scalars.map(([name, value]) =>
      encodeScalar({ tag: `epoch_${name}`, step: epoch, value, wallTime }),
    );
    if (!this.#begun.has(folder)) records.unshift(encodeFileVersion(wallTime));
    this.#begun.add(folder);
    await appendToFile(path, Uint8Array.from(records.flatMap((record) => [...record])));
  }
}
