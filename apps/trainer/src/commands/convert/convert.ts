import { type DeviceRequest, openDevice } from "@featuremap/devices";
import type { BundleFiles } from "@featuremap/formats";
import { type AnyModel, type ModelFormat, exportModel, importModel } from "@featuremap/formats/any";
import type { Preprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { FormatError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { checkTarget } from "./check-target.ts";
import { readLabels } from "./read-labels.ts";
import { asFileFault } from "../../models/as-file-fault.ts";
import { holdsWeightsAlone, weightsAlone } from "../../models/explain-format.ts";
import { findNonFinite } from "../../models/non-finite-weight.ts";
import { readPreprocessing } from "../../models/read-preprocessing.ts";
import { type Difference, compareOnPictures, compareOnRandom, requirePictures } from "./verify.ts";

/** What to convert, and how. */
export interface ConvertOptions {
  /** A file, folder or address of a model. */
  readonly model: string;
  /** Where to write. */
  readonly target: string;
  /** The format. Default: by the target's name. */
  readonly to?: ModelFormat | undefined;
  /** Names with commas between, or a file of them. */
  readonly labels?: string | undefined;
  /** `keras`, `torch`, `none`, or a JSON file. */
  readonly preprocessing?: string | undefined;
  /** `random`, or a folder of pictures besides. */
  readonly verify?: string | undefined;
  readonly force?: boolean | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called at each step, with how much of it is done; NaN where nobody knows how much there is. */
  readonly onStep?: ((step: ConvertStep) => void) | undefined;
}

/** One moment of a conversion. */
export interface ConvertStep {
  readonly heading: "Reading" | "Writing" | "Comparing";
  readonly done: number;
  readonly total: number;
}

/** What was done. */
export interface ConvertResult {
  /** Absolute path of what was written. */
  readonly path: string;
  readonly from: ModelFormat;
  readonly to: ModelFormat;
  readonly parameters: number;
  /** What became an equivalent, or was left out, one sentence each. */
  readonly notes: readonly string[];
  /** What it lacks to classify pictures. */
  readonly lacks: readonly ("labels" | "preprocessing")[];
  /** How far the answers of what was written are from the model's, where that was asked for. */
  readonly difference?: { readonly random: Difference; readonly pictures?: Difference };
}

/** Of the largest answer: what float32 in another order of operations comes to, and a good deal more. */
const tolerance = 1e-3;

/**
 * Writes a model of any format as another.
 *
 * With `verify` the target changes only once the answers have been compared.
 *
 * @throws {InvalidConfigError} labels or preprocessing do not fit the model, the target's name means no format, or the model
 * cannot be said in it.
 * @throws {UnavailableError} no model is there, the target is there already, there are no pictures to compare on, or
 * what would be written answers otherwise.
 * @throws {FormatError} the model is damaged, or of no known format.
 * @throws {AbortedError} the signal was raised.
 */
export async function convert(options: ConvertOptions): Promise<ConvertResult> {
  const { force = false, signal, onStep, to } = options;
  const target = await checkTarget(options.target, force);
  const { verify: pictures } = options;
  if (pictures !== undefined && pictures !== "random") await requirePictures(pictures);
  const imported = await read(options.model, signal, onStep);
  const { model, training, format: from } = imported;
  try {
    const labels = await labelsOf(imported, options.labels);
    const preprocessing = await preprocessingOf(imported, options.preprocessing);
    requireComparable(options.verify, preprocessing);
    const notes = [...imported.notes, ...(await noteOfWeights(model))];
    let difference: ConvertResult["difference"];
    onStep?.({ heading: "Writing", done: 0, total: Number.NaN });
    const written = await exportModel(model, target, {
      labels,
      preprocessing,
      outputs: imported.outputs,
      training,
      format: to,
      signal,
      onNote: (note) => void notes.push(note),
      async check(encoded) {
        if (options.verify === undefined) return;
        difference = await verify({ model, encoded, preprocessing }, { ...options, target });
        onStep?.({ heading: "Writing", done: 0, total: Number.NaN });
      },
    });
    const lacks = [
      ...(labels === undefined ? (["labels"] as const) : []),
      ...(preprocessing === undefined ? (["preprocessing"] as const) : []),
    ];
    const result = { path: target, from, to: written, parameters: model.countParams(), notes, lacks };
    return difference === undefined ? result : { ...result, difference };
  } finally {
    model.dispose();
  }
}

async function read(
  location: string,
  signal: AbortSignal | undefined,
  onStep: ConvertOptions["onStep"],
): Promise<AnyModel> {
  onStep?.({ heading: "Reading", done: 0, total: Number.NaN });
  return asFileFault(location, () =>
    importModel(location, {
      signal,
      onProgress: ({ loadedBytes, totalBytes = Number.NaN }) =>
        onStep?.({ heading: "Reading", done: loadedBytes, total: totalBytes }),
    }),
  ).catch((error: unknown) => {
    throw error instanceof FormatError && holdsWeightsAlone(location) ? weightsAlone(location, error) : error;
  });
}

async function labelsOf(
  { model, labels }: AnyModel,
  given: string | undefined,
): Promise<readonly string[] | undefined> {
  if (given === undefined) return labels;
  const names = await readLabels(given);
  const outputs = model.outputs[0]?.shape.at(-1);
  const count = outputs === 1 ? 2 : outputs;
  if (names.length === count) return names;
  throw new InvalidConfigError("convert", "--labels", `${count} names, as the model has classes`, names.length);
}

async function preprocessingOf(
  { model, preprocessing }: AnyModel,
  given: string | undefined,
): Promise<Preprocessing | undefined> {
  return given === undefined ? preprocessing : readPreprocessing("convert", given, model);
}

/** What nobody expects of a trained model. */
async function noteOfWeights(model: Model): Promise<readonly string[]> {
  const found = await findNonFinite(model);
  return found === undefined ? [] : [`The model's weight ${found.name} holds ${found.value}; it was written as it is.`];
}

/** A model, and what would be written of it. */
interface Encoded {
  readonly model: Model;
  readonly encoded: Uint8Array | BundleFiles;
  readonly preprocessing: Preprocessing | undefined;
}

/** Compares the model with what would be written. */
async function verify(
  { model, encoded, preprocessing }: Encoded,
  options: ConvertOptions,
): Promise<NonNullable<ConvertResult["difference"]>> {
  const { target, verify: folder, device: request = "auto", threads, signal, onStep } = options;
  const heading = "Comparing";
  onStep?.({ heading, done: 0, total: Number.NaN });
  const device = await openDevice(request, threads === undefined ? {} : { threads });
  let written: Model | undefined;
  try {
    written = (await importModel(encoded, { signal })).model;
    const random = compareOnRandom(model, written);
    await checkDifference(model, random, "random inputs", target);
    if (folder === undefined || folder === "random" || preprocessing === undefined) return { random };
    const onPicture = (done: number): void => onStep?.({ heading, done, total: Number.NaN });
    const pictures = await compareOnPictures(model, written, { folder, preprocessing, signal, onPicture });
    await checkDifference(model, pictures, "pictures", target);
    return { random, pictures };
  } finally {
    written?.dispose();
    await device.dispose();
  }
}

/** @throws {UnavailableError} pictures are to be compared, and nobody says how they become inputs. */
function requireComparable(folder: string | undefined, preprocessing: Preprocessing | undefined): void {
  if (folder === undefined || folder === "random" || preprocessing !== undefined) return;
  const remedy = "Give --preprocessing, or --verify without a folder.";
  throw new UnavailableError("Pictures cannot be compared without preprocessing", remedy);
}

/** @throws {UnavailableError} answers differ, or are no numbers that could be compared. */
async function checkDifference(
  model: Model,
  { largest, scale }: Difference,
  what: string,
  target: string,
): Promise<void> {
  if (Number.isNaN(scale)) {
    const found = await findNonFinite(model);
    const reason = found === undefined ? "" : `: its weight ${found.name} holds ${found.value}`;
    throw new UnavailableError(
      `The model's own answers on ${what} are no finite numbers, and cannot be compared${reason}`,
      "Nothing was written. Train the model anew, or convert it without --verify.",
    );
  }
  if (largest <= tolerance * Math.max(1, scale)) return;
  throw new UnavailableError(
    `What would be written to ${target} answers otherwise than the model: by up to ${largest} on ${what}`,
    "Nothing was written. Please report it, with the model if you can.",
  );
}
