import { appendToFile } from "@featuremap/files";
import { serializeModel } from "@featuremap/layers";
import { Option, RandomStream } from "@featuremap/tensor";
import type { PlainOptions } from "../../config/configured.ts";
import { settleConfig } from "../../config/settle-config.ts";
import type { Logs } from "../../run/logs.ts";
import { Callback, type CallbackRun, type TrainingRun } from "../../run/callback.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { CallbackState } from "../../run/callback-state.ts";
import { isSaveFrequency } from "../../run/every-batches.ts";
import { pathOption } from "../callback-options.ts";
import { encodeFileVersion, encodeHistogram, encodeKerasModel, encodeScalar } from "./event-file.ts";
import { joinBytes } from "./protobuf.ts";

export interface TensorBoardConfig {
  /** Folder for the event files, which TensorBoard is given as `--logdir`. Default: `logs`. */
  readonly logDir?: string;
  /** After how many epochs to write a histogram of each weight's values; 0 for never. Default: 0. */
  readonly histogramFreq?: number;
  /** Whether to write the model's layers, which TensorBoard shows as a conceptual graph. Default: true. */
  readonly writeGraph?: boolean;
  /** Whether to write the steps per second of epochs, and with `updateFreq` those of batches. Default: false. */
  readonly writeStepsPerSecond?: boolean;
  /** When to write losses and metrics: after each epoch, or also after each batch or every given number. Default: `epoch`. */
  readonly updateFreq?: "epoch" | "batch" | number;
}

/** Loss or metric, and its tag in the file. */
type Scalars = readonly (readonly [tag: string, value: number])[];

/**
 * Writes for TensorBoard: in `<logDir>/train` of every epoch `epoch_loss`, `epoch_accuracy`, `epoch_learning_rate`, of
 * batches `batch_loss` over all steps, of weights `dense/kernel/histogram`, and the model as a graph; in
 * `<logDir>/validation` of every epoch `epoch_loss` and so on, and of every evaluation `evaluation_loss_vs_iterations`, over
 * all steps, though the optimizer be reset between two epochs.
 *
 * Needs files, so it works in Node but not in a page.
 * Source: Keras 3 `TensorBoard`, without images of weights, profiles and embeddings, and without TensorFlow's own graph.
 */
export class TensorBoard extends Callback {
  static override readonly className: string = "TensorBoard";
  static readonly options: PlainOptions<TensorBoardConfig> = {
    logDir: pathOption().default("logs"),
    histogramFreq: Option.integer(0).default(0),
    writeGraph: Option.flag().default(true),
    writeStepsPerSecond: Option.flag().default(false),
    updateFreq: Option.plain<"epoch" | "batch" | number>({
      expected: '"epoch", "batch" or an integer of at least 1',
      accepts: (value) => value === "batch" || isSaveFrequency(value),
    }).default("epoch"),
  };
  readonly logDir: string;
  readonly histogramFreq: number;
  readonly writeGraph: boolean;
  readonly writeStepsPerSecond: boolean;
  readonly updateFreq: "epoch" | number;
  readonly #begun = new Set<string>();
  readonly #mustWriteGraph: boolean;
  #name = "";
  #batch = 0;
  #graphIsDue = false;
  #epochBegan = 0;
  #batchBegan = 0;
  #stepsAtBegin = 0;
  /** The optimizer's last known count of steps, and the steps before it was reset. */
  #iterations = 0;
  #stepsBefore = 0;

  /** @throws {InvalidConfigError} an option is unknown or outside its range. */
  constructor(config: TensorBoardConfig = {}) {
    super();
    const { updateFreq, ...settled } = settleConfig(TensorBoard, config);
    ({ logDir: this.logDir, histogramFreq: this.histogramFreq, writeGraph: this.writeGraph } = settled);
    this.#mustWriteGraph = config.writeGraph === true;
    this.writeStepsPerSecond = settled.writeStepsPerSecond;
    this.updateFreq = updateFreq === "batch" ? 1 : updateFreq;
    // Hearing of batches costs time, so only a callback that writes about them does.
    if (this.updateFreq !== "epoch") {
      this.onTrainBatchBegin = () => {
        this.#batchBegan = performance.now();
      };
      this.onTrainBatchEnd = (_batch, logs) => this.#writeBatch(logs);
    }
  }

  override onTrainBegin({ optimizer }: TrainingRun): void {
    this.#rename();
    this.#stepsOf(optimizer);
    this.#batch = 0;
    this.#graphIsDue = this.writeGraph;
  }

  override onEpochBegin(_epoch: number, { optimizer }: TrainingRun): void {
    this.#epochBegan = performance.now();
    this.#stepsAtBegin = this.#stepsOf(optimizer);
  }

  override readsBatchLogs(): boolean {
    return this.updateFreq !== "epoch" && (this.#batch + 1) % this.updateFreq === 0;
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onEpochEnd(epoch: number, logs: Logs, { model, optimizer }: TrainingRun): Promise<void> {
    const named = Object.entries(logs).map(([name, value]) => [name, value] as const);
    const trained = named.filter(([name]) => !name.startsWith("val_") && name !== "learning_rate");
    const validated = named.filter(([name]) => name.startsWith("val_"));
    const seconds = (performance.now() - this.#epochBegan) / 1000;
    const speed = [["steps_per_second", (this.#stepsOf(optimizer) - this.#stepsAtBegin) / seconds] as const];
    const more = [["learning_rate", optimizer.learningRate] as const, ...(this.writeStepsPerSecond ? speed : [])];
    await this.#writeGraphOnce(() => JSON.stringify(serializeModel(model)));
    await this.#write("train", epoch, withPrefix("epoch_", [...trained, ...more]));
    const bare = validated.map(([name, value]) => [name.slice("val_".length), value] as const);
    await this.#write("validation", epoch, withPrefix("epoch_", bare));
    if (this.histogramFreq === 0 || epoch % this.histogramFreq !== 0) return;
    for (const [path, weight] of model.namedWeights()) {
      const values = Float32Array.from((await weight.read()).data);
      const wallTime = Date.now() / 1000;
      await this.#append("train", [encodeHistogram({ tag: `${path}/histogram`, step: epoch, wallTime, values })]);
    }
  }

  /** @throws {UnavailableError} the folder cannot be written. */
  override async onTestEnd(logs: Logs, { optimizer }: CallbackRun): Promise<void> {
    const scalars = Object.entries(logs).map(([name, value]) => [`evaluation_${name}_vs_iterations`, value] as const);
    await this.#write("validation", this.#stepsOf(optimizer), scalars);
  }

  override saveState(): CallbackState {
    return { values: { batch: this.#batch, iterations: this.#iterations, stepsBefore: this.#stepsBefore } };
  }

  override restoreState({ values }: CallbackState): void {
    this.#batch = values["batch"] ?? 0;
    this.#iterations = values["iterations"] ?? 0;
    this.#stepsBefore = values["stepsBefore"] ?? 0;
  }

  /** Steps so far, even if the optimizer counts from 0 again: when layers are thawed, or another optimizer takes over. */
  #stepsOf({ iterations }: Optimizer): number {
    if (iterations < this.#iterations) this.#stepsBefore += this.#iterations;
    this.#iterations = iterations;
    return this.#stepsBefore + iterations;
  }

  async #writeBatch(logs: Logs): Promise<void> {
    const isDue = this.readsBatchLogs();
    this.#batch += 1;
    if (!isDue) return;
    const perSecond = 1000 / Math.max(performance.now() - this.#batchBegan, 0.001);
    const speed = this.writeStepsPerSecond ? [["steps_per_second", perSecond] as const] : [];
    await this.#write("train", this.#batch, withPrefix("batch_", [...Object.entries(logs), ...speed]));
  }

  /** A model that cannot be written, for its own layers are not registered, goes without unless it was asked for. */
  async #writeGraphOnce(json: () => string): Promise<void> {
    if (!this.#graphIsDue) return;
    this.#graphIsDue = false;
    let text: string;
    try {
      text = json();
    } catch (error) {
      if (this.#mustWriteGraph) throw error;
      return;
    }
    await this.#append("train", [encodeKerasModel(text, Date.now() / 1000)]);
  }

  async #write(folder: string, step: number, scalars: Scalars): Promise<void> {
    const wallTime = Date.now() / 1000;
    const records = scalars.map(([tag, value]) => encodeScalar({ tag, step, value, wallTime }));
    if (records.length > 0) await this.#append(folder, records);
  }

  async #append(folder: string, records: readonly Uint8Array[]): Promise<void> {
    if (this.#name === "") this.#rename();
    const begun = this.#begun.has(folder);
    this.#begun.add(folder);
    const all = begun ? records : [encodeFileVersion(Date.now() / 1000), ...records];
    await appendToFile(`${this.logDir}/${folder}/${this.#name}`, joinBytes(all));
  }

  /** Each training has files of its own. */
  #rename(): void {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    this.#name = `events.out.tfevents.${seconds}.featuremap.${new RandomStream().uint32()}.v2`;
    this.#begun.clear();
  }
}

function withPrefix(prefix: string, scalars: Scalars): Scalars {
  return scalars.map(([name, value]) => [prefix + name, value] as const);
}
