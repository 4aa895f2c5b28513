import { FormatError, HostArray, describeValue, formatShape, fromFloat16, sizeOf } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import { kindBytes } from "../reading/file-kind.ts";
import { type TensorEntry, headerLength, readSafetensorsHeader } from "../safetensors/safetensors-header.ts";

/** The element types of a model's own files. Pages do without what reads the others. */
const sizes = { F32: 4, I32: 4, F16: 2, U8: 1, I8: 1 } as const;

/** What follows the name of an int8 tensor in that of its scale. */
export const scaleSuffix = ":scale";

/**
 * The tensors of a model's own files. F16 becomes float32, and so does I8 once multiplied by its scale: the float32 tensor
 * `name:scale` of as many axes, each of length 1 or the tensor's own, those with more side by side.
 *
 * @param source the file, for the error
 * @throws {FormatError} the file breaks a rule of the format, holds another element type, or a scale is missing or does not fit.
 */
export function decodeWeights(bytes: Uint8Array, source: string): Map<string, HostArray> {
  const entries = readSafetensorsHeader(bytes, bytes.length, source, sizes);
  return scaleAll(new Map(entries.map((entry) => [entry.name, readTensor(bytes, entry)])), entries, source);
}

/** {@link decodeWeights} of a file of which one tensor at a time is read, each into memory of its own. */
export async function decodeWeightsInParts(file: ByteSource): Promise<Map<string, HostArray>> {
  const { name: source, size } = file;
  const length = headerLength(await file.read(0, Math.min(kindBytes, size)), size, source);
  const entries = readSafetensorsHeader(await file.read(0, 8 + length), size, source, sizes);
  const tensors = new Map<string, HostArray>();
  for (const entry of entries) {
    const { name, begin, end } = entry;
    const bytes = await file.read(begin, end);
    tensors.set(name, readTensor(bytes, { ...entry, begin: 0, end: bytes.length }));
  }
  return scaleAll(tensors, entries, source);
}

/** Makes numbers of bytes that have a scale. */
function scaleAll(
  tensors: Map<string, HostArray>,
  entries: readonly TensorEntry<keyof typeof sizes>[],
  source: string,
): Map<string, HostArray> {
  for (const { name, type, shape } of entries) {
    if (type !== "I8") continue;
    const scale = tensors.get(name + scaleSuffix);
    const data = tensors.get(name)?.data ?? [];
    tensors.set(name, new HostArray(scaled(data, shape, scale, source, name), shape));
    tensors.delete(name + scaleSuffix);
  }
  return tensors;
}

function readTensor(bytes: Uint8Array, { type, shape, begin, end }: TensorEntry<keyof typeof sizes>): HostArray {
  const size = sizes[type];
  const aligned = (bytes.byteOffset + begin) % size === 0;
  // Not `slice`: that of a Node `Buffer` copies nothing.
  const part = aligned ? bytes.subarray(begin, end) : new Uint8Array(bytes.subarray(begin, end));
  const { buffer, byteOffset } = part;
  const length = part.length / size;
  if (type === "F32") return new HostArray(new Float32Array(buffer, byteOffset, length), shape);
  if (type === "F16") return new HostArray(fromFloat16(new Uint16Array(buffer, byteOffset, length)), shape);
  if (type === "I32") return new HostArray(new Int32Array(buffer, byteOffset, length), shape);
  return new HostArray(part, shape);
}

function scaled(
  bytes: ArrayLike<number>,
  shape: readonly number[],
  scale: HostArray | undefined,
  source: string,
  name: string,
): Float32Array {
  const { data, shape: axes, dtype } = scale ?? {};
  const last = axes?.findLastIndex((length) => length > 1) ?? -1;
  const first = axes?.findIndex((length) => length > 1) ?? -1;
  const fits = axes?.every((length, axis) => length === (axis >= first && axis <= last ? shape[axis] : 1));
  if (!data || dtype !== "float32" || axes?.length !== shape.length || !fits) {
    const found = axes === undefined ? "nothing" : `${dtype} ${formatShape(axes)}`;
    throw new FormatError(source, `scale of ${describeValue(name)}`, `float32 that fits ${formatShape(shape)}`, found);
  }
  const values = new Float32Array(bytes.length);
  // How many elements in a row share a scale.
  const run = sizeOf(shape.slice(last + 1));
  for (let index = 0; index < values.length; index++) {
    const byte = bytes[index] ?? 0;
    values[index] = (byte - ((byte & 128) << 1)) * (data[Math.floor(index / run) % data.length] ?? 0);
  }
  return values;
}
