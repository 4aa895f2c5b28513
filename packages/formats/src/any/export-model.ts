import { writeFileWhole } from "@featuremap/files";
import { type Model, outputMeaning } from "@featuremap/layers";
import { AbortedError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkConnected, filesOf, writeContent } from "../model-files/model-content.ts";
import { checkSignalAndProgress } from "../model-files/read-model-files.ts";
import { checkDescription } from "./check-description.ts";
import type { ExportModelOptions, ModelFormat } from "./format-options.ts";
import { formats } from "./formats.ts";

const owner = "exportModel";
const optionNames: OptionNames<ExportModelOptions> = {
  format: true,
  labels: true,
  preprocessing: true,
  outputs: true,
  training: true,
  onNote: true,
  signal: true,
  check: true,
};

/** What notes call what a format has no place for. */
const parts = {
  labels: "labels",
  preprocessing: "how a picture becomes the input",
  outputs: "how outputs become probabilities",
  training: "how the model was trained",
} as const;

/**
 * Writes a model in the format that the name means: `.keras`, `.weights.h5`, `.onnx`, `.safetensors`; a folder whose name ends
 * in `tfjs` as a layers-model of TensorFlow.js; any other folder as a bundle, or as a model where labels or preprocessing
 * are not given. Node only.
 *
 * @returns the format
 * @throws {InvalidConfigError} the name means no format, the model cannot be said in it, labels or preprocessing do not fit the
 * model, or an option is not what it may be.
 * @throws {UnavailableError} nothing can be written there.
 * @throws {AbortedError} the signal was raised before the files took their place; what was there stays.
 */
export async function exportModel(model: Model, path: string, options: ExportModelOptions = {}): Promise<ModelFormat> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  if (typeof path !== "string" || path === "") throw new InvalidConfigError(owner, "path", "a path", path);
  const { format, signal, check, onNote, ...content } = options;
  for (const [option, value] of Object.entries({ onNote, check })) {
    if (value !== undefined && typeof value !== "function")
      throw new InvalidConfigError(owner, option, "a function", value);
  }
  checkSignalAndProgress(owner, signal, undefined);
  checkDescription(owner, model, content);
  const entry = formats.find(({ name, isNamed }) => (format === undefined ? isNamed?.(path) : name === format));
  if (entry === undefined) {
    const names = formats.map(({ name }) => name);
    if (format !== undefined) throw new InvalidConfigError(owner, "format", `one of ${names.join(", ")}`, format);
    const expected = "a folder, or a file that ends in .keras, .weights.h5, .onnx or .safetensors";
    throw new InvalidConfigError(owner, "path", expected, path);
  }
  const { ending = "" } = entry;
  if (!path.endsWith(ending)) {
    throw new InvalidConfigError(owner, "path", `one that ends with ${ending}, as Keras wants it`, path);
  }
  for (const [part, words] of Object.entries(parts) as [keyof typeof parts, string][]) {
    if (content[part] === undefined || entry.keeps.includes(part)) continue;
    onNote?.(`${entry.title.replace(/^./, (letter) => letter.toUpperCase())} has no place for ${words}.`);
  }
  if (!entry.keeps.includes("outputs")) noteLogits(model, content, onNote);
  await throwIfStopped(path, signal);
  const encoded = await entry.encode(model, { ...content, onNote });
  if (check !== undefined) await check(encoded instanceof Uint8Array ? encoded : filesOf(encoded));
  await throwIfStopped(path, signal);
  await (encoded instanceof Uint8Array ? writeFileWhole(path, encoded) : writeContent(path, encoded));
  return entry.name;
}

/** Whoever reads the file elsewhere must know, as no format but the bundle says it. */
function noteLogits(
  model: Model,
  { labels, outputs }: Pick<ExportModelOptions, "labels" | "outputs">,
  onNote: ExportModelOptions["onNote"],
): void {
  if (labels === undefined || model.outputs.length !== 1) return;
  const meaning = outputs ?? outputMeaning(model);
  if (meaning !== "logits" && meaning !== "binaryLogits") return;
  const isSingle = meaning === "binaryLogits" || model.output.shape.at(-1) === 1;
  const activation = isSingle ? "sigmoid" : "softmax";
  onNote?.(
    `Its outputs are logits, of which ${activation} makes probabilities; in Keras its loss takes from_logits=True.`,
  );
}

/**
 * Encoding leaves nobody else a turn; in two of them what came meanwhile is heard, also a signal of the system, for which the
 * first may be too soon.
 */
async function throwIfStopped(path: string, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve));
  if (signal.aborted) throw new AbortedError(`Writing ${path} was stopped.`, { cause: signal.reason });
}
