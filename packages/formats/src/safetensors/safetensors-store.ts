import { FormatError, describeValue } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import { describeKind, fileKind, kindBytes } from "../reading/file-kind.ts";
import { toFloat32 } from "../tensors/element-types.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import { headerLength, readSafetensorsHeader } from "./safetensors-header.ts";
import { elementTypeOf, safetensorsSizes } from "./safetensors-types.ts";

/**
 * The tensors of one file, of which only the header is read.
 *
 * @throws {FormatError} the file breaks a rule of the format, or holds 8-bit floats.
 * @throws {UnavailableError} it cannot be read.
 */
export async function readStoredTensors(source: ByteSource): Promise<Map<string, StoredTensor>> {
  const { name: file, size } = source;
  const start = await source.read(0, Math.min(kindBytes, size));
  const header = await source.read(0, 8 + lengthOrKind(start, size, file));
  const tensors = new Map<string, StoredTensor>();
  for (const { name, type: stored, shape, begin, end } of readSafetensorsHeader(header, size, file, safetensorsSizes)) {
    const type = elementTypeOf[stored];
    const read = async (): Promise<Float32Array<ArrayBuffer>> =>
      toFloat32(await source.read(begin, end), type, file, `tensor ${describeValue(name)}`);
    tensors.set(name, { shape, type, read });
  }
  return tensors;
}

/** The header's length. A file of another kind is refused by that: its first bytes say nothing as a length. */
function lengthOrKind(start: Uint8Array, size: number, file: string): number {
  try {
    return headerLength(start, size, file);
  } catch (error) {
    const kind = fileKind(start);
    if (kind === undefined || kind === "safetensors") throw error;
    throw new FormatError(file, "the file", describeKind("safetensors"), describeKind(kind));
  }
}
