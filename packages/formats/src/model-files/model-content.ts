import { sha256, writeFolder } from "@featuremap/files";
import { Model, serializeModel } from "@featuremap/layers";
import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { isObject } from "../reading/json.ts";
import { documentName } from "../reading/model-reader.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { type WeightsFile, formatModelDocument, weightsName } from "./model-document.ts";
import { type OptimizerData, checkOptimizerData } from "./optimizer-data.ts";
import { type StoredWeights, reduceWeights } from "./reduce-weights.ts";

/** Name of the file that holds what an optimizer keeps for the weights. */
const optimizerName = "optimizer.safetensors";

/** What may be kept with any model. */
export interface SaveModelOptions {
  /** What its optimizer has learned, as `readOptimizer` of `@featuremap/training` gives it. */
  readonly optimizer?: OptimizerData | undefined;
  /**
   * How the weights are stored: `float16` takes about half the bytes, `int8` a quarter. Loading gives float32 again, from
   * the rounded numbers. Default: `float32`.
   */
  readonly dtype?: StoredWeights | undefined;
  /** Figures that training reached; finite numbers. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Where the model comes from; anything that JSON can write. */
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
}

/** What a kind of model adds to the files that every model has. */
export interface ModelKind {
  /** Its own fields of `model.json`. */
  readonly beside: object;
  /** Reads `model.json` as loading will. */
  readonly parse: (bytes: Uint8Array, source: string) => unknown;
  /** What of it is more than loading allows where no limits are given. */
  readonly beyond: (bytes: { readonly document: number; readonly weights: number }) => string | undefined;
  /** Who loads it, and what it is called then. */
  readonly loader: string;
  readonly name: string;
}

/** A model ready to be written: its files, and the document once they have names. */
export interface ModelContent {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** `model.json` for files kept under these names. */
  readonly document: (nameOf?: (file: string) => string) => Uint8Array<ArrayBuffer>;
}

/**
 * Checks a model and all that is kept with it, and encodes both.
 *
 * @throws {InvalidConfigError} what is given is not a model whose weights have a path each, or does not fit JSON.
 */
export async function modelContent(
  owner: string,
  model: Model,
  { optimizer, dtype = "float32", metrics = {}, provenance = {} }: SaveModelOptions,
  kind: ModelKind,
): Promise<ModelContent> {
  if (!isObject(metrics)) throw new InvalidConfigError(owner, "metrics", "numbers by name", metrics);
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new InvalidConfigError(owner, `metrics.${name}`, "a finite number", value);
  }
  if (!isObject(provenance)) throw new InvalidConfigError(owner, "provenance", "an object", provenance);
  if (optimizer !== undefined) checkOptimizerData(owner, optimizer);
  const described = { model: { ...serializeModel(model) }, metrics, provenance };
  checkJson(owner, "provenance", { ...described, ...kind.beside });
  checkJson(owner, "optimizer.config", optimizer?.config ?? {});
  const { tensors, types } = reduceWeights(owner, model, await readWeights(owner, model), dtype);
  const weights = encodeSafetensors(tensors, { format: "featuremap" }, { dtype: (name) => types.get(name) });
  const files = new Map([[weightsName, weights]]);
  const listed = [{ name: "weights", file: weightsName, sha256: await sha256(weights) }];
  const learned: WeightsFile[] = [];
  if (optimizer !== undefined) {
    const variables = encodeSafetensors(optimizer.variables, { format: "featuremap" });
    files.set(optimizerName, variables);
    learned.push({ name: "optimizer", file: optimizerName, sha256: await sha256(variables) });
  }
  const content: ModelContent = {
    files,
    document: (nameOf = (file) => file) => {
      const named = (list: readonly WeightsFile[]): WeightsFile[] =>
        list.map((entry) => ({ ...entry, file: nameOf(entry.file) }));
      const state = optimizer && { optimizer: { config: optimizer.config, weights: named(learned) } };
      return formatModelDocument({ ...described, weights: named(listed) }, { ...kind.beside, ...state });
    },
  };
  checkReadable(owner, content, kind);
  warnOfLimits(owner, model, content, kind);
  return content;
}

/** Writes a model's folder; of files that are there already it leaves the old ones or the new ones. */
export async function writeContent(directory: string, { files, document }: ModelContent): Promise<void> {
  await writeFolder(directory, files, { name: documentName, contents: document });
}

/** A model's files by name, the document first. */
export function filesOf({ files, document }: ModelContent): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  return new Map([[documentName, document()], ...files]);
}

/**
 * A copy of every weight by its path.
 *
 * @throws {InvalidConfigError} two weights have one path.
 */
export async function readWeights(owner: string, model: Model): Promise<Map<string, HostArray>> {
  const named = model.namedWeights();
  const lost = model.weights.length - new Set(named.values()).size;
  if (lost > 0)
    throw new InvalidConfigError(owner, "model", "one whose weights all have a path", `${lost} without one`);
  const values = new Map<string, HostArray>();
  for (const [path, weight] of named) values.set(path, await weight.read());
  return values;
}

/** @throws {InvalidConfigError} it is not a model, or one without weights yet. */
export function checkConnected(owner: string, model: unknown): void {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  if (!model.connected) throw new InvalidConfigError(owner, "model", "one whose input shape is known", model.name);
}

/** Models that were warned of; one that trains may be saved after every epoch. */
const warnedOf = new WeakSet<Model>();

/** What took long to train is saved in any case. */
function warnOfLimits(owner: string, model: Model, { files, document }: ModelContent, kind: ModelKind): void {
  const weights = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const beyond = kind.beyond({ document: document().length, weights });
  if (beyond === undefined || warnedOf.has(model)) return;
  warnedOf.add(model);
  // oxlint-disable-next-line no-console -- nothing else would tell before somebody loads it.
  console.warn(
    `${owner}: this ${kind.name} can only be loaded with higher limits, ${kind.loader}(location, { limits }): ${beyond}`,
  );
}

/** @throws {InvalidConfigError} JSON cannot write it. */
function checkJson(owner: string, option: string, value: object): void {
  try {
    JSON.stringify(value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new InvalidConfigError(owner, option, "writable as JSON", reason);
  }
}

/** What is written can be read again: a provenance may nest too deep, or write itself as something else. */
function checkReadable(owner: string, { document }: ModelContent, { parse, name }: ModelKind): void {
  try {
    parse(document(), documentName);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new InvalidConfigError(owner, "options", `such that the ${name} can be read again`, reason);
  }
}
