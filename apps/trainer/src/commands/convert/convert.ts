import { type DeviceRequest, openDevice } from "@featuremap/devices";
import { type AnyModel, type ModelFormat, exportModel, importModel } from "@featuremap/formats/any";
import type { Preprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { checkTarget } from "./check-target.ts";
import { readLabels } from "./read-labels.ts";
import { asFileFault } from "../../models/as-file-fault.ts";
import { readPreprocessing } from "../../models/read-preprocessing.ts";
import { type Difference, compareOnPictures, compareOnRandom } from "./verify.ts";

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
 * @throws {InvalidConfigError} labels or preprocessing do not fit the model, the target's name means no format, or the model
 * cannot be said in it.
 * @throws {UnavailableError} no model is there, the target is there already, or what was written answers otherwise.
 * @throws {FormatError} the model is damaged, or of no known format.
 * @throws {AbortedError} the signal was raised.
 */
export async function convert(options: ConvertOptions): Promise<ConvertResult> {
  const { force = false, signal, onStep, to } = options;
  const target = await checkTarget(options.target, force);
  const imported = await read(options.model, signal, onStep);
  const { model, training, format: from } = imported;
  try {
    const labels = await labelsOf(imported, options.labels);
    const preprocessing = await preprocessingOf(imported, options.preprocessing);
    requireComparable(options.verify, preprocessing);
    onStep?.({ heading: "Writing", done: 0, total: Number.NaN });
    const notes = [...imported.notes];
    const content = {
      labels,
      preprocessing,
      outputs: imported.outputs,
      training,
      format: to,
      onNote: (note: string) => void notes.push(note),
    };
    const written = await exportModel(model, target, content);
    const lacks = [
      ...(labels === undefined ? (["labels"] as const) : []),
      ...(preprocessing === undefined ? (["preprocessing"] as const) : []),
    ];
    const result = { path: target, from, to: written, parameters: model.countParams(), notes, lacks };
    if (options.verify === undefined) return result;
    return { ...result, difference: await verify(model, preprocessing, { ...options, target }) };
  } finally {
    model.dispose();
  }
}

function read(location: string, signal: AbortSignal | undefined, onStep: ConvertOptions["onStep"]): Promise<AnyModel> {
  onStep?.({ heading: "Reading", done: 0, total: Number.NaN });
  return asFileFault(location, () =>
    importModel(location, {
      signal,
      onProgress: ({ loadedBytes, totalBytes = Number.NaN }) =>
        onStep?.({ heading: "Reading", done: loadedBytes, total: totalBytes }),
    }),
  );
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

async function verify(
  model: Model,
  preprocessing: Preprocessing | undefined,
  options: ConvertOptions,
): Promise<NonNullable<ConvertResult["difference"]>> {
  const { target, verify: folder, device: request = "auto", threads, signal, onStep } = options;
  const heading = "Comparing";
  onStep?.({ heading, done: 0, total: Number.NaN });
  const device = await openDevice(request, threads === undefined ? {} : { threads });
  let written: Model | undefined;
  try {
    written = (await importModel(target, { signal })).model;
    const random = compareOnRandom(model, written);
    checkDifference(random, "random inputs", target);
    if (folder === undefined || folder === "random" || preprocessing === undefined) return { random };
    const onPicture = (done: number): void => onStep?.({ heading, done, total: Number.NaN });
    const pictures = await compareOnPictures(model, written, { folder, preprocessing, signal, onPicture });
    checkDifference(pictures, "pictures", target);
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

function checkDifference({ largest, scale }: Difference, what: string, target: string): void {
  if (largest <= tolerance * Math.max(1, scale)) return;
  throw new UnavailableError(
    `What was written to ${target} answers otherwise: by up to ${largest} on ${what}`,
    "Please report it, with the model if you can.",
  );
}
