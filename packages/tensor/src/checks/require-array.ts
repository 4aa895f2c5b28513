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
    const expected =
      "a HostArray (HostArray.from makes one of nested lists, new HostArray(data, shape) of typed arrays)";
    throw new InvalidConfigError(owner, option, expected, value);
  }
  if (dtype !== undefined && value.dtype !== dtype) {
    throw new InvalidConfigError(owner, option, `a HostArray of ${dtype}`, value.dtype);
  }
}
