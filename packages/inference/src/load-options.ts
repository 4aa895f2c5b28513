import type { DeviceRequest } from "@featuremap/devices";
import { type BundleLimits, type ModelBundle, checkFit } from "@featuremap/formats";
import { type OutputMeaning, isOutputMeaning, outputMeaning } from "@featuremap/layers";
import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";

/** What to classify on; `auto` takes the fastest that works. */
export type DeviceChoice = DeviceRequest;

/** How far loading has come. */
export interface ClassifierProgress {
  /** `download` until the bundle is there, then `warm-up` until the classifier is ready. */
  readonly stage: "download" | "warm-up";
  /** Bytes of the bundle that have arrived. */
  readonly loadedBytes: number;
  /** Bytes of the whole bundle, or undefined while that is not known. */
  readonly totalBytes: number | undefined;
  /** Share of the download in [0, 1]; undefined while it is not known, and during the warm-up. */
  readonly share: number | undefined;
}

/** How to load a classifier. */
export interface LoadClassifierOptions {
  /** Defaults to `auto`, the fastest that works. */
  readonly device?: DeviceChoice | undefined;
  /** Stops the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Called as the bundle arrives and when the warm-up begins. */
  readonly onProgress?: ((progress: ClassifierProgress) => void) | undefined;
  /** How the model's outputs become probabilities. Default: as its bundle says, or else as its graph tells. */
  readonly outputs?: OutputMeaning | undefined;
  /** How much models and pictures may ask for; what asks for more is refused before any of it is done. */
  readonly limits?: ClassifierLimits | undefined;
}

/** How much models and pictures may ask for: of a bundle that is loaded already, only pictures are limited. */
export interface ClassifierLimits extends BundleLimits {
  /** Pixels of one picture to classify, before it is resized. Default: 100,000,000. */
  readonly picturePixels?: number | undefined;
}

const optionNames: OptionNames<LoadClassifierOptions> = {
  device: true,
  signal: true,
  onProgress: true,
  outputs: true,
  limits: true,
};
const limitNames: OptionNames<ClassifierLimits> = {
  calls: true,
  elements: true,
  operations: true,
  documentBytes: true,
  weightsBytes: true,
  pixels: true,
  picturePixels: true,
};

/** What is wrong on sight, before anything is loaded. */
export function checkLoadOptions(options: LoadClassifierOptions): void {
  checkOptions("loadClassifier", options, optionNames);
  const { device = "auto", signal, onProgress, outputs, limits = {} } = options;
  const fail = (option: string, expected: string, received: unknown): never => {
    throw new InvalidConfigError("loadClassifier", option, expected, received);
  };
  // Which names there are here, openDevice knows.
  if (typeof device !== "string") fail("device", "a device's name", device);
  if (signal !== undefined && !isAbortSignal(signal)) fail("signal", "an AbortSignal", signal);
  if (onProgress !== undefined && typeof onProgress !== "function") fail("onProgress", "a function", onProgress);
  if (outputs !== undefined && !isOutputMeaning(outputs)) fail("outputs", meanings, outputs);
  checkOptions("loadClassifier", limits, limitNames);
  const { picturePixels } = limits;
  if (picturePixels !== undefined && !(typeof picturePixels === "number" && picturePixels >= 1)) {
    fail("limits.picturePixels", "a number of at least 1", picturePixels);
  }
}

/** Of this window or another. */
function isAbortSignal(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object AbortSignal]";
}

/** @throws {InvalidConfigError} the source is none of those that a classifier is loaded from, as plain JavaScript may hand over. */
export function checkSource(source: unknown): void {
  if (typeof source === "string" || source instanceof URL) return;
  const kinds = [["model"], ["keys", "get"]];
  if (typeof source === "object" && source !== null && kinds.some((names) => names.every((name) => name in source))) {
    return;
  }
  const expected = "a bundle's path or address, a map of its files, or a loaded bundle";
  throw new InvalidConfigError("loadClassifier", "source", expected, source);
}

/** What plain JavaScript may hand over as a bundle that is loaded already. */
export function checkBundle(bundle: ModelBundle): void {
  checkFit(bundle, "loadClassifier", "source.");
}

const meanings = '"probabilities", "logits" or "binaryLogits"';

/**
 * What a model's outputs mean: as the caller says, as its bundle says, or as its graph tells.
 *
 * @throws {InvalidConfigError} nobody says it. A guess would be wrong in silence.
 */
export function meaningOf({ model, outputs }: ModelBundle, asked: OutputMeaning | undefined): OutputMeaning {
  const meaning = asked ?? outputs ?? outputMeaning(model);
  if (meaning !== "unknown") return meaning;
  const expected = `${meanings}, since neither the layers of ${model.name} nor its bundle show what its outputs are`;
  throw new InvalidConfigError("loadClassifier", "outputs", expected, undefined);
}
