import type { DeviceRequest } from "@featuremap/devices";
import type { ModelBundle } from "@featuremap/formats";
import { outputMeaning } from "@featuremap/layers";
import { Callback, type EvaluationProgress, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { firstImages } from "../first-images.ts";
import { openBundle } from "../open-bundle.ts";
import { evaluateOptions } from "../options/evaluate.ts";
import { findArrayPreset } from "../presets/find-preset.ts";
import { describeDevice, type DeviceDescription } from "../device-description.ts";

/** What to judge, and by what. */
export interface EvaluateOptions {
  readonly bundle: string;
  /** Name of a dataset with test images: "mnist". */
  readonly dataset: string;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Images a step; changes the speed only. */
  readonly batchSize?: number | undefined;
  /** Only the first so many test images. */
  readonly limit?: number | undefined;
  /** A few times a second. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** How good a model is on test images. */
export interface EvaluateResult {
  readonly dataset: string;
  readonly images: number;
  /** Mean loss of an image. */
  readonly loss: number;
  /** Share of the images that are classified right, in [0, 1]. */
  readonly accuracy: number;
  readonly device: DeviceDescription;
}

/**
 * Classifies a dataset's test images and compares the answers with the labels.
 *
 * @throws {InvalidConfigError} the dataset is unknown, or has fewer test images than the limit.
 * @throws {UnavailableError} the bundle, the dataset or the device is not there.
 * @throws {FormatError} the bundle or the dataset is damaged.
 */
export async function evaluate({
  bundle: location,
  dataset,
  batchSize = evaluateOptions.batchSize.default,
  limit,
  onProgress,
  ...where
}: EvaluateOptions): Promise<EvaluateResult> {
  const preset = findArrayPreset("evaluate", dataset);
  const { test } = await preset.load();
  const images = firstImages("evaluate", "--limit", test, limit);
  const { bundle, device, close } = await openBundle(location, where);
  try {
    const trainer = new Trainer(bundle.model, {
      loss: new SparseCategoricalCrossentropy({ fromLogits: givesLogits(bundle) }),
      metrics: ["accuracy"],
    });
    const source = images.withPreprocessing(bundle.preprocessing).batch(batchSize);
    const { loss = Number.NaN, accuracy = Number.NaN } = await trainer.evaluate(source, {
      callbacks: [new ProgressReporter(onProgress)],
    });
    return { dataset, images: images.size, loss, accuracy, device: describeDevice(device) };
  } finally {
    await close();
  }
}

/** What the bundle says of its outputs, else what the graph does, as wherever it classifies. */
function givesLogits({ outputs, model }: ModelBundle): boolean {
  return (outputs ?? outputMeaning(model)) === "logits";
}

class ProgressReporter extends Callback {
  readonly #report: EvaluateOptions["onProgress"];

  constructor(report: EvaluateOptions["onProgress"]) {
    super();
    this.#report = report;
  }

  override onEvaluationProgress(progress: EvaluationProgress): void {
    this.#report?.(progress);
  }
}
