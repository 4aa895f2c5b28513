import { type HostArray, InvalidConfigError, describeValue, isTypedArray } from "@featuremap/tensor";
import { toHostArray } from "../tensors/to-host-array.ts";
import { readSafetensorsHeader } from "./safetensors-header.ts";
import { elementTypeOf, safetensorsSizes } from "./safetensors-types.ts";

/**
 * Reads every tensor of a safetensors file, after all checks of {@link readSafetensorsHeader}.
 *
 * Floats become float32 (F64 rounded), U8 and BOOL uint8, other integers int32. F32, I32 and U8 share the memory of `bytes`
 * where their place is aligned, as it is in files written here. `openSafetensors` reads tensor by tensor instead.
 *
 * @param source the file, for the error
 * @throws {FormatError} the file breaks a rule of the format, holds 8-bit floats, or numbers beyond float32 or int32.
 * @throws {InvalidConfigError} what is given is not bytes and a text.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Map<string, HostArray> {
  if (!isTypedArray(bytes, "Uint8Array")) {
    throw new InvalidConfigError("decodeSafetensors", "bytes", "a Uint8Array", bytes);
  }
  if (typeof source !== "string") throw new InvalidConfigError("decodeSafetensors", "source", "a text", source);
  const entries = readSafetensorsHeader(bytes, bytes.length, source, safetensorsSizes);
  return new Map(
    entries.map(({ name, type, shape, begin, end }) => {
      const what = `tensor ${describeValue(name)}`;
      return [name, toHostArray(bytes.subarray(begin, end), shape, elementTypeOf[type], source, what)];
    }),
  );
}
