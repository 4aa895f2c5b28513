import { InvalidConfigError } from "../errors.ts";
import { type DataType, HostArray } from "../arrays/host-array.ts";

/**
 * Refuses what is not a host array, as plain JavaScript may pass it.
 *
 * @param owner who takes the array, and `option` under which name, for the error
 * @param dtype the element type that it must have; any, if it is absent
 * @throws {InvalidConfigError} it is something else; the message tells how to make one.
 */
export function requireHostArray(owner: string, option: string, value: unknown, dtype?: DataType): void {
  if (!(value instanceof HostArray)) {
    const makers = isTensor(value)
      ? "new HostArray(await tensor.data(), tensor.shape) makes one of a tensor"
      : "HostArray.from makes one of nested lists, new HostArray(data, shape) of typed arrays";
    throw new InvalidConfigError(owner, option, `a HostArray (${makers})`, value);
  }
  if (dtype !== undefined && value.dtype !== dtype) {
    throw new InvalidConfigError(owner, option, `a HostArray of ${dtype}`, value.dtype);
  }
}

/** Whether it is one of TensorFlow.js's, as operations and `model.predict` return. */
function isTensor(value: unknown): boolean {
  return typeof value === "object" && value !== null && "dataSync" in value && "shape" in value;
}
