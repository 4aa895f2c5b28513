import { HostArray } from "@featuremap/tensor";
import type { StoredTensor } from "../tensors/tensor-store.ts";

/** A variable of an optimizer: counts as int32, all others as float32. */
export async function readVariable(tensor: StoredTensor): Promise<HostArray> {
  const values = await tensor.read();
  return new HostArray(/^u?int/.test(tensor.type) ? Int32Array.from(values) : values, tensor.shape);
}
