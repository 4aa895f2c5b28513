import { FormatError, describeValue } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";
import { joinBytes } from "../reading/join-bytes.ts";
import { toFloat32 } from "../tensors/element-types.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import type { ListedWeight, WeightsGroup } from "./weights-manifest.ts";

/**
 * The weights of a group, which lie in its files end to end.
 *
 * @param files of the group, in order
 * @param source the document, for the error
 * @throws {FormatError} the files are not as long as the group's weights.
 */
export function groupTensors(
  { weights, bytes }: WeightsGroup,
  files: readonly ByteSource[],
  source: string,
): ReadonlyMap<string, StoredTensor> {
  const length = files.reduce((sum, { size }) => sum + size, 0);
  if (length !== bytes) {
    const names = files.map(({ name }) => name);
    const what = names.length === 1 ? `length of ${names[0]}` : `lengths of ${names[0]} to ${names.at(-1)}`;
    throw new FormatError(source, what, `${bytes} bytes, as the weights listed for it have`, `${length}`);
  }
  return new Map(weights.map((weight) => [weight.name, storedTensor(weight, files)]));
}

function storedTensor(weight: ListedWeight, files: readonly ByteSource[]): StoredTensor {
  const { name, shape, type, quantization, begin, end } = weight;
  return {
    shape,
    type: quantization?.type ?? type,
    async read() {
      const bytes = await readAcross(files, begin, end);
      const source = files.length === 1 ? (files[0]?.name ?? "") : "the model's shards";
      const values = toFloat32(bytes, quantization?.type ?? type, source, `weight ${describeValue(name)}`);
      if (quantization === undefined || quantization.type === "float16") return values;
      const { scale, min } = quantization;
      for (let index = 0; index < values.length; index++) {
        const value = (values[index] ?? 0) * scale + min;
        values[index] = type === "int32" ? Math.round(value) : value;
      }
      return values;
    },
  };
}

/** Bytes `[begin, end)` of files laid end to end. */
async function readAcross(files: readonly ByteSource[], begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  for (const file of files) {
    const [from, to] = [Math.max(begin - start, 0), Math.min(end - start, file.size)];
    if (from < to) parts.push(await file.read(from, to));
    start += file.size;
  }
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return joinBytes(parts);
}
