import { type OutputMeaning, isOutputMeaning } from "@featuremap/layers";
import { type Preprocessing, parsePreprocessing } from "@featuremap/images";
import { FormatError } from "@featuremap/tensor";
import { type JsonObject, describeFound, isObject, parseJsonObject } from "../reading/json.ts";

/** What `format` says in every bundle's `model.json`. */
export const bundleFormat = "featuremap-model";

/** The version written here, and the only one read. */
export const bundleVersion = 1;

/** Name of the document that makes a folder a bundle. */
export const documentName = "model.json";

/** Name of the file that holds a bundle's weights. */
export const weightsName = "weights.safetensors";

/** One safetensors file of a bundle. */
export interface WeightsFile {
  /** What the file holds: `weights`, or the name of a shard. */
  readonly name: string;
  /** Its name in the bundle's folder. */
  readonly file: string;
  /** SHA-256 of the whole file, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A bundle's `model.json` without `format` and `version`. */
export interface ModelDocument {
  /** The architecture, as Keras 3 writes it. */
  readonly model: JsonObject;
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
  /** How outputs become probabilities; left out where the graph tells. */
  readonly outputs?: OutputMeaning | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  readonly weights: readonly WeightsFile[];
  readonly provenance: JsonObject;
}

/** `model.json` as text: indented, so that a person can read it and version control can compare it. */
export function formatModelDocument(document: ModelDocument): Uint8Array<ArrayBuffer> {
  const { model, preprocessing, labels, outputs, metrics, weights, provenance } = document;
  const ordered = {
    format: bundleFormat,
    version: bundleVersion,
    preprocessing,
    labels,
    outputs,
    metrics,
    weights,
    provenance,
    model,
  };
  return new TextEncoder().encode(`${JSON.stringify(ordered, undefined, 2)}\n`);
}

/**
 * Checks everything in `model.json` but the architecture itself.
 *
 * @param source the file, for the error
 * @throws {FormatError} the text is no JSON object, of another format or version, or a field is missing or wrong.
 */
export function parseModelDocument(bytes: Uint8Array, source: string): ModelDocument {
  refuseOtherFiles(bytes, source);
  const document = parseJsonObject(bytes, source, "document");
  const fail = (what: string, expected: string, found: unknown): never => {
    throw new FormatError(source, what, expected, describeFound(found));
  };
  const { format, version, model, labels, outputs, metrics, weights, provenance } = document;
  if (format !== bundleFormat) return fail("format", JSON.stringify(bundleFormat), format);
  if (version !== bundleVersion) return fail("version", `${bundleVersion}, the only one this release reads`, version);
  if (!isObject(model)) return fail("model", "a Keras configuration", model);
  if (!Array.isArray(labels) || !labels.every(isText)) return fail("labels", "a list of texts", labels);
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    return fail("outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
  if (!isObject(metrics) || !holdsNumbers(metrics)) return fail("metrics", "finite numbers by name", metrics);
  if (!isObject(provenance)) return fail("provenance", "an object", provenance);
  if (!Array.isArray(weights) || weights.length === 0) return fail("weights", "a list of at least one file", weights);
  return {
    model,
    preprocessing: parsePreprocessing(document["preprocessing"], source),
    labels,
    outputs,
    metrics,
    weights: readWeightsFiles(weights, source),
    provenance,
  };
}

/** Files that people have of a model, by what they begin with. */
function refuseOtherFiles(bytes: Uint8Array, source: string): void {
  const start = String.fromCharCode(...bytes.subarray(0, 9));
  const found = start.startsWith("PK")
    ? "a zip archive, as .keras files are, which are not read here"
    : start.slice(1).startsWith("HDF")
      ? "an HDF5 file, as .h5 files of Keras are, which are not read here"
      : // Eight bytes of a header's length, then the header.
        start[7] === "\0" && start[8] === "{"
        ? "weights alone: loadWeights(model, file) reads them"
        : undefined;
  if (found !== undefined) throw new FormatError(source, "document", "the model.json of a bundle", found);
}

function readWeightsFiles(values: readonly unknown[], source: string): WeightsFile[] {
  const seen = new Set<string>();
  return values.map((value, index) => {
    const fail = (what: string, expected: string, found: unknown): never => {
      throw new FormatError(source, `weights[${index}]${what}`, expected, describeFound(found));
    };
    const { name, file, sha256 }: JsonObject = isObject(value) ? value : fail("", "an object", value);
    if (!isText(name) || name === "") return fail(".name", "a text", name);
    // A path, drive or address would let a bundle read files from elsewhere.
    if (!isText(file) || !/^[\w-][\w.-]{0,199}$/.test(file))
      return fail(".file", "a plain name in the bundle's folder", file);
    if (!isText(sha256) || !/^[0-9a-f]{64}$/.test(sha256)) return fail(".sha256", "64 hexadecimal digits", sha256);
    if (seen.has(file)) return fail(".file", "another file than those before it", file);
    seen.add(file);
    return { name, file, sha256 };
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function holdsNumbers(value: JsonObject): value is Readonly<Record<string, number>> {
  return Object.values(value).every(Number.isFinite);
}
