import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import { describeKind, fileKind, isArchive, kindBytes } from "../reading/file-kind.ts";
import { isObject, parsePythonObject } from "../reading/json.ts";
import type { ModelFormat } from "./format-options.ts";

/**
 * The format of a file, by what it holds and, where that does not tell, by its name.
 *
 * @param documentBytes the longest `model.json` that is read for it
 * @throws {FormatError} it is of no format that holds a whole model.
 */
export async function recognize(source: ByteSource, documentBytes: number): Promise<ModelFormat> {
  const start = await source.read(0, Math.min(kindBytes, source.size));
  const kind = fileKind(start);
  if (kind === "hdf5") return "keras";
  if (kind === "npz" || source.name.endsWith(".npz")) throw weightsAlone(source, "an .npz file");
  if (isArchive(kind)) return "keras";
  if (kind === "json") return ofDocument(source, documentBytes);
  if (kind === "safetensors") throw weightsAlone(source, describeKind(kind));
  if (kind === undefined && (source.name.endsWith(".onnx") || start[0] === 0x08)) return "onnx";
  throw new FormatError(source.name, "the file", known, describeKind(kind));
}

/** What is read here. */
export const known = "a model: a bundle, .keras, .h5, ONNX, or model.json of TensorFlow.js";

async function ofDocument(source: ByteSource, documentBytes: number): Promise<ModelFormat> {
  if (source.size > documentBytes) {
    const expected = `at most ${documentBytes} bytes (limits.documentBytes)`;
    throw new FormatError(source.name, "size", expected, `${source.size}`);
  }
  const document = parsePythonObject(await source.read(0, source.size), source.name, "document");
  if (document["format"] === "featuremap-model") return "bundle";
  if ("modelTopology" in document || "weightsManifest" in document) return "tfjs";
  const { class_name: className } = document;
  const found = typeof className === "string" ? "a model without weights" : "another JSON document";
  throw new FormatError(
    source.name,
    "document",
    known,
    isObject(document["weight_map"]) ? "an index of weights" : found,
  );
}

function weightsAlone(source: ByteSource, what: string): FormatError {
  return new FormatError(source.name, "the file", known, `${what}, which holds weights alone: build the network first`);
}

/** @throws {InvalidConfigError} always. */
export function refuseLocation(owner: string, location: unknown): never {
  throw new InvalidConfigError(
    owner,
    "location",
    "a path, an address, bytes, a Blob, files or a map of files",
    location,
  );
}
