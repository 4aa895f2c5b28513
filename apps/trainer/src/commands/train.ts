import { join, resolve } from "node:path";
import { type DeviceRequest, openDevice } from "@featuremap/devices";
import { writeFileWhole } from "@featuremap/files";
import { saveBundle } from "@featuremap/formats";
import { AbortedError, RandomStream } from "@featuremap/tensor";
import { Callback, type EvaluationProgress, type Progress, Trainer } from "@featuremap/training";
import { checkBundleTarget } from "../bundle-target.ts";
import { type DeviceDescription, describeDevice } from "../device-description.ts";
import { runConfig } from "../config/run-config.ts";
import { deviceOptions } from "../options/shared.ts";
import { trainOptions } from "../options/train.ts";
import { takeOutputFolder } from "../output-folder.ts";
import { firstImages } from "../first-images.ts";
import { findPreset } from "../presets/find-preset.ts";
import type { Preset } from "../presets/preset.ts";

/** What to train, how, and whom to tell. */
export interface TrainOptions {
  /** "mnist" */
  readonly preset: string;
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  /** Starts the weights and the order of the images; the same seed gives the same losses with the same number of threads. */
  readonly seed?: number | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Folder for `model/`, `history.json` and `config.json`; default `runs/<preset>`. */
  readonly out?: string | undefined;
  /** Only the first so many training images, and as many test images if there are: for a quick try. */
  readonly limit?: number | undefined;
  /** Ends training after the current step; what was learned is kept. */
  readonly signal?: AbortSignal;
  /** Runs the work that must not be cut short: writing files. */
  readonly uninterrupted?: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly onStart?: (plan: TrainPlan) => void;
  /** A few times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** A few times a second while the model is judged after an epoch. */
  readonly onEvaluationProgress?: (progress: EvaluationProgress) => void;
  readonly onEpoch?: (epoch: EpochResult) => void;
}

/** What is about to run. */
export interface TrainPlan {
  readonly preset: string;
  readonly imagesAre: string;
  readonly device: DeviceDescription;
  readonly parameters: number;
  readonly trainImages: number;
  readonly testImages: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** How one epoch ended. */
export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly seconds: number;
  /** `loss` and `accuracy` on the training images, `val_loss` and `val_accuracy` on the test images. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What came out. */
export interface TrainResult {
  /** Whether the signal ended the training early. */
  readonly stopped: boolean;
  /** Steps that shaped the weights. */
  readonly steps: number;
  /** What all epochs would have taken. */
  readonly stepsPlanned: number;
  readonly seconds: number;
  /** Every epoch's metrics by name, in order. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** On the test images, with the weights that were saved; absent after an early stop. */
  readonly test?: { readonly images: number; readonly loss: number; readonly accuracy: number };
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Absolute path of the epochs' metrics. */
  readonly historyFile: string;
}

/**
 * Trains a preset's network on its images, judges it on the test images after every epoch, and saves it as a bundle.
 *
 * The folder is this training's alone until it ends, and that it can be written is checked before; folders made for it go
 * again if it fails.
 *
 * @throws {InvalidConfigError} the preset or an option's value is unknown.
 * @throws {UnavailableError} the images, the device or the folder are not there or cannot be used, or another training has
 * the folder.
 * @throws {NonFiniteError} the loss is no longer a number; the message names the step, and nothing is saved.
 * @throws {AbortedError} the signal was aborted before the first step, so there is nothing to keep.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const preset = findPreset("train", "preset", options.preset);
  const out = resolve(options.out ?? join("runs", preset.name));
  await checkBundleTarget(join(out, "model"));
  const folder = await takeOutputFolder(out);
  let worked = false;
  try {
    const result = await trainInto(out, preset, options);
    worked = true;
    return result;
  } finally {
    await folder.release(worked);
  }
}

async function trainInto(out: string, preset: Preset, options: TrainOptions): Promise<TrainResult> {
  const { epochs = preset.defaults.epochs, batchSize = preset.defaults.batchSize, signal, limit } = options;
  const { learningRate = preset.defaults.learningRate, seed = preset.defaults.seed, threads } = options;
  const { uninterrupted = (work) => work() } = options;
  const bundle = join(out, "model");
  const data = await preset.load();
  const trainImages = firstImages("train", "--limit", data.train, limit);
  const testImages = data.test.take(Math.min(trainImages.size, data.test.size));
  const device = await openDevice(options.device, threads === undefined ? {} : { threads });
  const seeds = new RandomStream(seed);
  const model = preset.buildModel(seeds.fork("weights").uint32());
  const optimizer = preset.createOptimizer(learningRate);
  const trainer = new Trainer(model, { optimizer, loss: preset.loss, metrics: ["accuracy"] });
  try {
    const source = trainImages.batch(batchSize, { shuffle: true, seed: seeds.fork("order").uint32() });
    const settings = { preset: preset.name, epochs, batchSize, learningRate, seed };
    options.onStart?.({
      ...settings,
      imagesAre: preset.imagesAre,
      device: describeDevice(device),
      parameters: model.countParams(),
      trainImages: trainImages.size,
      testImages: testImages.size,
    });
    const began = performance.now();
    const { history, stopped } = await trainer.fit(source, {
      epochs,
      validation: testImages.batch(evaluationBatchSize),
      callbacks: [new EpochReporter(epochs, options)],
      ...(signal === undefined ? {} : { signal }),
    });
    const seconds = (performance.now() - began) / 1000;
    const steps = optimizer.iterations;
    if (steps === 0) throw new AbortedError("Stopped before the first step; nothing was kept.");
    const ended = { stopped: stopped === "aborted", steps, stepsPlanned: epochs * source.batchCount };
    // After an early stop the last measured metrics are those of other weights.
    const metrics = ended.stopped ? {} : lastMetrics(history);
    const historyFile = join(out, "history.json");
    await uninterrupted(async () => {
      await saveBundle(model, bundle, {
        preprocessing: trainImages.preprocessing,
        labels: trainImages.classNames,
        metrics,
        provenance: {
          ...settings,
          ...ended,
          trainImages: trainImages.size,
          optimizer: preset.optimizer,
          loss: preset.loss,
          device: device.description,
          date: new Date().toISOString(),
        },
      });
      const asked = { ...settings, limit, device: options.device, threads };
      await writeFileWhole(
        join(out, "config.json"),
        runConfig("train", { preset: preset.name }, asked, { ...trainOptions, ...deviceOptions }),
      );
      await writeFileWhole(historyFile, `${JSON.stringify({ ...settings, ...ended, history }, undefined, 2)}\n`);
    });
    const { val_loss: loss, val_accuracy: accuracy } = metrics;
    const test =
      loss === undefined || accuracy === undefined ? {} : { test: { images: testImages.size, loss, accuracy } };
    return { ...ended, seconds, history, ...test, bundle, historyFile };
  } finally {
    trainer.dispose();
    model.dispose();
    await device.dispose();
  }
}

/** Images of an evaluation step; changes its speed only. */
const evaluationBatchSize = 256;

class EpochReporter extends Callback {
  readonly #epochs: number;
  readonly #options: TrainOptions;
  #began = 0;

  constructor(epochs: number, options: TrainOptions) {
    super();
    this.#epochs = epochs;
    this.#options = options;
  }

  override onEpochBegin(): void {
    this.#began = performance.now();
  }

  override onProgress(progress: Progress): void {
    this.#options.onProgress?.(progress);
  }

  override onEvaluationProgress(progress: EvaluationProgress): void {
    this.#options.onEvaluationProgress?.(progress);
  }

  override onEpochEnd(epoch: number, metrics: Readonly<Record<string, number>>): void {
    const seconds = (performance.now() - this.#began) / 1000;
    this.#options.onEpoch?.({ epoch: epoch + 1, epochs: this.#epochs, seconds, metrics });
  }
}

function lastMetrics(history: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(history).flatMap(([name, values]) => {
      const last = values.at(-1);
      return last === undefined ? [] : [[name, last] as const];
    }),
  );
}
