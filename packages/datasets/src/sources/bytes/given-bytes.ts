import { isTypedArray } from "@featuremap/tensor";

/** A file's bytes as a caller gives them, of whatever realm; undefined where it is something else. */
export function givenBytes(given: unknown): Uint8Array | undefined {
  if (isTypedArray(given, "Uint8Array")) return given;
  const isBuffer = Object.prototype.toString.call(given) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(given as ArrayBuffer) : undefined;
}
