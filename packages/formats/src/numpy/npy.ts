import { HostArray, InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { elementBytes } from "../tensors/element-types.ts";
import { transpose } from "../tensors/fill-from-store.ts";
import { toHostArray } from "../tensors/to-host-array.ts";
import { type NpyHeader, readNpyHeader } from "./npy-header.ts";

/**
 * Reads an array as NumPy's `save` writes it: booleans, integers and floats of up to 64 bits, of either byte order, in C or
 * Fortran order.
 *
 * Floats become float32 (float64 rounded), bytes and booleans uint8, other integers int32.
 *
 * @param source the file, for the error
 * @throws {FormatError} it is not such a file, is damaged, holds other elements such as Python objects, or numbers beyond
 * float32 or int32.
 * @throws {InvalidConfigError} what is given is not bytes and a text.
 */
export function decodeNpy(bytes: Uint8Array, source: string): HostArray {
  if (!isTypedArray(bytes, "Uint8Array")) throw new InvalidConfigError("decodeNpy", "bytes", "a Uint8Array", bytes);
  if (typeof source !== "string") throw new InvalidConfigError("decodeNpy", "source", "a text", source);
  const header = readNpyHeader(bytes, bytes.length, source);
  const { shape, type, isFortran } = header;
  const elements = toHostArray(littleEndian(bytes.subarray(header.dataStart), header), shape, type, source, "array");
  return isFortran ? new HostArray(rowMajor(elements.data, header), shape) : elements;
}

/** Elements whose least byte comes first. */
export function littleEndian(bytes: Uint8Array, { isBigEndian, type }: NpyHeader): Uint8Array {
  const size = elementBytes[type];
  if (!isBigEndian || size === 1) return bytes;
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    for (let byte = 0; byte < size; byte++) turned[at + byte] = bytes[at + size - 1 - byte] ?? 0;
  }
  return turned;
}

/** Elements in C order, whichever they came in. */
export function rowMajor<Values extends HostArray["data"]>(values: Values, { isFortran, shape }: NpyHeader): Values {
  if (!isFortran) return values;
  return transpose(
    values,
    shape.toReversed(),
    shape.map((_, axis) => shape.length - 1 - axis),
  );
}
