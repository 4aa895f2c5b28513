import { FormatError } from "@featuremap/tensor";
import { type JsonObject, describeFound, isObject, parseJsonObject } from "../reading/json.ts";

/** What `format` says in every `model.json`. */
export const modelFormat = "featuremap-model";

/** The version written here, and the only one read. */
export const modelVersion = 1;

/** Name of the file that holds a model's weights. */
export const weightsName = "weights.safetensors";

/** One safetensors file of a model. */
export interface WeightsFile {
  /** What the file holds: `weights`, or the name of a shard. */
  readonly name: string;
  /** Its name in the model's folder. */
  readonly file: string;
  /** SHA-256 of the whole file, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** What any `model.json` holds, without `format` and `version`. */
export interface ModelDocument {
  /** The architecture, as Keras 3 writes it. */
  readonly model: JsonObject;
  readonly metrics: Readonly<Record<string, number>>;
  readonly weights: readonly WeightsFile[];
  readonly provenance: JsonObject;
}

/**
 * `model.json` as text: indented, so that a person can read it and version control can compare it.
 *
 * @param beside fields that only some models have, such as a classifier's labels
 */
export function formatModelDocument(document: ModelDocument, beside: object = {}): Uint8Array<ArrayBuffer> {
  const { model, metrics, weights, provenance } = document;
  const ordered = { format: modelFormat, version: modelVersion, ...beside, metrics, weights, provenance, model };
  return new TextEncoder().encode(`${JSON.stringify(ordered, undefined, 2)}\n`);
}

/**
 * The fields of a `model.json`, of which only format and version are checked.
 *
 * @param source the file, for the error
 * @throws {FormatError} the text is not a JSON object, or of another format or version.
 */
export function parseModelJson(bytes: Uint8Array, source: string): JsonObject {
  refuseOtherFiles(bytes, source);
  const fields = parseJsonObject(bytes, source, "document");
  const { format, version } = fields;
  if (format !== modelFormat) throw refusal(source, "format", JSON.stringify(modelFormat), format);
  if (version !== modelVersion) {
    throw refusal(source, "version", `${modelVersion}, the only one this release reads`, version);
  }
  return fields;
}

/**
 * Checks what any `model.json` holds, but the architecture itself.
 *
 * @throws {FormatError} a field is missing or wrong.
 */
export function readModelDocument({ model, metrics, weights, provenance }: JsonObject, source: string): ModelDocument {
  if (!isObject(model)) throw refusal(source, "model", "a Keras configuration", model);
  if (!isObject(metrics) || !holdsNumbers(metrics)) {
    throw refusal(source, "metrics", "finite numbers by name", metrics);
  }
  if (!isObject(provenance)) throw refusal(source, "provenance", "an object", provenance);
  return { model, metrics, weights: readWeightsFiles(weights, source, "weights"), provenance };
}

/**
 * Checks a list of safetensors files.
 *
 * @param field the list's name, for the error
 * @throws {FormatError} it is not a list of at least one file with its checksum.
 */
export function readWeightsFiles(value: unknown, source: string, field: string): readonly WeightsFile[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw refusal(source, field, "a list of at least one file", value);
  }
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const fail = (what: string, expected: string, found: unknown): never => {
      throw refusal(source, `${field}[${index}]${what}`, expected, found);
    };
    const { name, file, sha256 }: JsonObject = isObject(entry) ? entry : fail("", "an object", entry);
    if (!isText(name) || name === "") return fail(".name", "a text", name);
    // A path, drive or address would let a model read files from elsewhere.
    if (!isText(file) || !/^[\w-][\w.-]{0,199}$/.test(file)) {
      return fail(".file", "a plain name in the model's folder", file);
    }
    if (!isText(sha256) || !/^[0-9a-f]{64}$/.test(sha256)) return fail(".sha256", "64 hexadecimal digits", sha256);
    if (seen.has(file)) return fail(".file", "different from the files before it", file);
    seen.add(file);
    return { name, file, sha256 };
  });
}

/** The error of a field that is missing or wrong. */
export function refusal(source: string, what: string, expected: string, found: unknown): FormatError {
  return new FormatError(source, what, expected, describeFound(found));
}

/** Files that people have of a model, by what they begin with. */
function refuseOtherFiles(bytes: Uint8Array, source: string): void {
  const start = String.fromCharCode(...bytes.subarray(0, 9));
  const found = start.startsWith("PK")
    ? "a zip archive, like .keras files, which are not supported"
    : start.slice(1).startsWith("HDF")
      ? "an HDF5 file, like Keras's .h5 files, which are not supported"
      : // Eight bytes of a header's length, then the header.
        start[7] === "\0" && start[8] === "{"
        ? "only weights: loadWeights(model, file) reads them"
        : undefined;
  if (found !== undefined) throw new FormatError(source, "document", "the model.json of a bundle", found);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function holdsNumbers(value: JsonObject): value is Readonly<Record<string, number>> {
  return Object.values(value).every(Number.isFinite);
}
