import { InvalidConfigError } from "@featuremap/tensor";
import { plainName } from "../config/keras-object.ts";

/**
 * A part of the name that an option has, whatever plain JavaScript passes.
 *
 * @param makers by {@link plainName}
 * @param expected for the error
 * @throws {InvalidConfigError} there is none of that name.
 */
export function makeNamedPart<Made>(
  owner: string,
  option: string,
  choice: unknown,
  makers: ReadonlyMap<string, () => Made>,
  expected: string,
): Made {
  const make = typeof choice === "string" ? makers.get(plainName(choice)) : undefined;
  if (make === undefined) throw new InvalidConfigError(owner, option, expected, choice);
  return make();
}
