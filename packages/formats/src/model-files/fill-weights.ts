import type { Model } from "@featuremap/layers";
import { FormatError, type HostArray, describeValue, formatShape, shapesEqual } from "@featuremap/tensor";

/** Checks every weight before it gives the first its values. Takes the tensors out, so that no two copies of all are in memory. */
export function fillWeights(model: Model, tensors: Map<string, HostArray>, source: string): void {
  const weights = model.namedWeights();
  for (const [path, weight] of weights) {
    const tensor = tensors.get(path);
    const what = `weight ${describeValue(path)}`;
    if (tensor === undefined) throw new FormatError(source, what, "among the stored tensors", "nothing");
    if (tensor.dtype !== "float32") throw new FormatError(source, `dtype of ${what}`, "F32", tensor.dtype);
    if (!shapesEqual(tensor.shape, weight.shape)) {
      throw new FormatError(source, `shape of ${what}`, formatShape(weight.shape), formatShape(tensor.shape));
    }
  }
  for (const name of tensors.keys()) {
    if (!weights.has(name)) throw new FormatError(source, "tensors", "weights of the model", describeValue(name));
  }
  for (const [path, weight] of weights) {
    const tensor = tensors.get(path);
    if (tensor !== undefined) weight.assign(tensor);
    tensors.delete(path);
  }
}
