import { requirePreprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkConnected } from "../model-files/model-content.ts";
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
 * @throws {InvalidConfigError} the name means no format, the model cannot be said in it, or an option is not what it may be.
 * @throws {UnavailableError} nothing can be written there.
 */
export async function exportModel(model: Model, path: string, options: ExportModelOptions = {}): Promise<ModelFormat> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  if (typeof path !== "string" || path === "") throw new InvalidConfigError(owner, "path", "a path", path);
  const { format, onNote, ...content } = options;
  if (onNote !== undefined && typeof onNote !== "function") {
    throw new InvalidConfigError(owner, "onNote", "a function", onNote);
  }
  if (content.preprocessing !== undefined) requirePreprocessing(content.preprocessing, owner);
  const entry = formats.find(({ name, isNamed }) => (format === undefined ? isNamed?.(path) : name === format));
  if (entry?.save === undefined) {
    const names = formats.flatMap(({ name, save }) => (save === undefined ? [] : [name]));
    if (format !== undefined) throw new InvalidConfigError(owner, "format", `one of ${names.join(", ")}`, format);
    const expected = "a folder, or a file that ends in .keras, .weights.h5, .onnx or .safetensors";
    throw new InvalidConfigError(owner, "path", expected, path);
  }
  for (const [part, words] of Object.entries(parts) as [keyof typeof parts, string][]) {
    if (content[part] === undefined || entry.keeps.includes(part)) continue;
    onNote?.(`${entry.title.replace(/^./, (letter) => letter.toUpperCase())} has no place for ${words}.`);
  }
  await entry.save(model, path, { ...content, onNote });
  return entry.name;
}
