import { InvalidConfigError } from "@featuremap/tensor";
import { Tensor } from "@tensorflow/tfjs-core";

/**
 * What a function or method of the user's own gave, once it is known to be a tensor.
 *
 * @param owner who called it
 * @param what the function's name
 * @throws {InvalidConfigError} it is something else, such as a promise, for which a step on the device cannot wait.
 */
export function givenTensor(owner: string, what: string, given: unknown): Tensor {
  if (given instanceof Tensor) return given;
  throw new InvalidConfigError(
    owner,
    `the result of ${what}`,
    "a tensor of numbers for each example, not a promise",
    given,
  );
}
