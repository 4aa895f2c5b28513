import type { Weight } from "@featuremap/layers";
import {
  FormatError,
  HostArray,
  type TypedArray,
  describeValue,
  formatShape,
  shapesEqual,
  stridesOf,
} from "@featuremap/tensor";
import { pickElements } from "./pick-elements.ts";
import type { StoredTensor } from "./tensor-store.ts";

/** A weight and the stored tensor that it gets its values from. */
export interface Filling {
  readonly weight: Weight;
  /** The weight's path, for errors: `conv2d/kernel`. */
  readonly path: string;
  readonly tensor: StoredTensor;
}

/**
 * Gives weights their stored values: all shapes are checked before the first is read, and one tensor is in memory at a time.
 *
 * A file that is damaged further back leaves some weights filled: fill those of a new model.
 *
 * @throws {FormatError} a shape differs, or the file is damaged.
 */
export async function fillFromStore(fillings: readonly Filling[], source: string): Promise<void> {
  for (const { weight, path, tensor } of fillings) {
    if (!shapesEqual(tensor.shape, weight.shape)) {
      const what = `shape of weight ${describeValue(path)}`;
      throw new FormatError(source, what, formatShape(weight.shape), formatShape(tensor.shape));
    }
  }
  for (const { weight, tensor } of fillings) weight.assign(new HostArray(await tensor.read(), weight.shape));
}

/** Row-major elements in another order of axes: axis `i` of the result is axis `axes[i]` of what is given. */
export function transpose<Values extends TypedArray>(
  values: Values,
  shape: readonly number[],
  axes: readonly number[],
): Values {
  const strides = stridesOf(shape);
  const result = values.slice() as Values;
  const lengths = axes.map((axis) => shape[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  pickElements(result, values, lengths, 0, steps);
  return result;
}
