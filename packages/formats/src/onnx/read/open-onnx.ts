import { checkSize, throwIfAborted } from "@featuremap/files";
import { FormatError, InvalidConfigError, describeValue } from "@featuremap/tensor";
import { besideLocation } from "#storage";
import type { ResolvedFileLimits } from "../../model-files/file-limits.ts";
import type { ByteSource } from "../../reading/byte-source.ts";
import { describeKind, fileKind, kindBytes } from "../../reading/file-kind.ts";
import { type FileLocation, openBytes } from "../../reading/open-bytes.ts";
import type { OnnxModel, OnnxTensor } from "../proto/model-proto.ts";
import { readModelProto } from "../proto/read-model-proto.ts";
import { type Constant, readConstant } from "./constants.ts";

/** Where an ONNX file is, alone or among the files that hold its tensors. */
export type OnnxLocation = FileLocation | ReadonlyMap<string, Uint8Array | Blob>;

interface Options {
  readonly limits: ResolvedFileLimits;
  readonly signal: AbortSignal | undefined;
}

/** A file that was read, with the values of all tensors of its graph. */
export interface OpenedOnnx {
  readonly source: string;
  readonly model: OnnxModel;
  readonly constants: ReadonlyMap<string, Constant>;
}

export async function openOnnx(
  owner: string,
  location: OnnxLocation,
  { limits, signal }: Options,
): Promise<OpenedOnnx> {
  const options = { limit: limits.weightsBytes, limitName: "limits.weightsBytes", signal };
  const { main, beside } = placesOf(owner, location);
  const file = await openBytes(owner, main, options);
  const source = file.name;
  const bytes = await readWhole(file, 0, file.size);
  const kind = fileKind(bytes.subarray(0, kindBytes));
  if (kind !== undefined) throw new FormatError(source, "the file", "an ONNX model", describeKind(kind));
  const model = readModelProto(bytes, source);
  const others = new Map<string, ByteSource>();
  const constants = new Map<string, Constant>();
  let total = 0;
  try {
    for (const tensor of model.graph.initializers) {
      throwIfAborted(source, signal);
      const own =
        tensor.external === undefined
          ? tensor.bytes
          : await readExternal(tensor, source, async (name) => {
              const known = others.get(name) ?? (await openBytes(owner, await beside(name, source), options));
              others.set(name, known);
              return known;
            });
      // Tensors may share bytes of another file, which then are more in memory than there.
      total += tensor.external === undefined ? 0 : (own?.length ?? 0);
      checkSize(`external data of ${source}`, total, options);
      constants.set(tensor.name, readConstant(tensor, source, own));
    }
  } finally {
    for (const other of others.values()) await other.close();
  }
  return { source, model, constants };
}

async function readWhole(file: ByteSource, begin: number, end: number): Promise<Uint8Array> {
  try {
    return await file.read(begin, end);
  } finally {
    await file.close();
  }
}

/** The file itself, and how to find those beside it. */
function placesOf(
  owner: string,
  location: OnnxLocation,
): {
  readonly main: FileLocation;
  readonly beside: (name: string, source: string) => FileLocation | Promise<FileLocation>;
} {
  if (location instanceof Map) {
    const files = location as ReadonlyMap<string, Uint8Array | Blob>;
    const models = [...files.keys()].filter((name) => name.endsWith(".onnx"));
    const [name = ""] = models;
    const main = files.get(name);
    if (main === undefined || models.length > 1) {
      throw new InvalidConfigError(owner, "location", "files of which one ends in .onnx", `${models.length} that do`);
    }
    const folder = name.slice(0, name.lastIndexOf("/") + 1);
    return { main, beside: (other, source) => files.get(folder + other) ?? absent(source, other) };
  }
  if (typeof location === "string" || location instanceof URL) {
    return { main: location, beside: (name) => besideLocation(location, `./${name}`) };
  }
  return { main: location as FileLocation, beside: (name, source) => absent(source, name) };
}

function absent(source: string, name: string): never {
  throw new FormatError(
    source,
    "external data",
    "given with the file, as files by name",
    `none of name ${describeValue(name)}`,
  );
}

/** The elements of a tensor that are in another file. Source: onnx's ExternalData.md. */
async function readExternal(
  { name, external }: OnnxTensor,
  source: string,
  open: (name: string) => Promise<ByteSource>,
): Promise<Uint8Array> {
  const what = `external data of tensor ${name}`;
  const location = external?.get("location") ?? "";
  // Neither another folder, nor a drive, an address or a stream.
  const isInside =
    location !== "" && location.split("/").every((part) => /^[^\\/:\0]+$/.test(part) && !/^\.{1,2}$/.test(part));
  if (!isInside || location.length > 1000)
    throw new FormatError(source, what, "in a file of its folder", describeValue(location));
  const file = await open(location);
  const number = (key: string, usual: number): number => {
    const text = external?.get(key);
    const value = text === undefined ? usual : Number(text);
    if (Number.isSafeInteger(value) && value >= 0 && (text === undefined || /^\d+$/.test(text))) return value;
    throw new FormatError(source, `${key} of ${what}`, "a number of bytes", describeValue(text));
  };
  const offset = number("offset", 0);
  const length = number("length", Math.max(file.size - offset, 0));
  if (offset + length > file.size) {
    throw new FormatError(
      source,
      what,
      `within the ${file.size} bytes of ${location}`,
      `bytes ${offset} to ${offset + length}`,
    );
  }
  return file.read(offset, offset + length);
}
