import { HostArray } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * The values of tensors as arrays that are the caller's; the tensors are disposed, also where reading one fails.
 *
 * @param tensors float32 or int32
 */
export async function readArrays(tensors: readonly tf.Tensor[]): Promise<readonly HostArray<Float32Array>[]> {
  try {
    return await Promise.all(
      // A backend may hand out its own memory.
      tensors.map(async (tensor) => new HostArray(Float32Array.from(await tensor.data()), tensor.shape)),
    );
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** Arrays one after another along their first axis; the other axes agree. */
export function joinArrays(arrays: readonly HostArray<Float32Array>[]): HostArray<Float32Array> {
  const [first] = arrays;
  if (first === undefined) return new HostArray(new Float32Array(0), [0]);
  if (arrays.length === 1) return first;
  const data = new Float32Array(arrays.reduce((size, each) => size + each.size, 0));
  let offset = 0;
  for (const { data: part } of arrays) {
    data.set(part, offset);
    offset += part.length;
  }
  const count = arrays.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return new HostArray(data, [count, ...first.shape.slice(1)]);
}

type Tuple<Item, Length extends number, Items extends readonly Item[] = []> = Items["length"] extends Length
  ? Items
  : Tuple<Item, Length, [...Items, Item]>;

/** {@link joinArrays} for each of the arrays that every batch has. */
export function joinBatches<Length extends number>(
  batches: readonly (readonly HostArray<Float32Array>[])[],
  length: Length,
): Tuple<HostArray<Float32Array>, Length> {
  const joined = Array.from({ length }, (_, index) => joinArrays(batches.flatMap((arrays) => arrays[index] ?? [])));
  return joined as readonly HostArray<Float32Array>[] as Tuple<HostArray<Float32Array>, Length>;
}
