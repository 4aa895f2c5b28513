import { InvalidConfigError, Option, checkOptions } from "@featuremap/tensor";
import { GraphTensor } from "./graph-tensor.ts";
import { isValues } from "./input-values.ts";

/** Whether a layer trains in one use, of the options of `apply`. @throws {InvalidConfigError} they are something else. */
export function readTraining(owner: string, options: { readonly training?: boolean | undefined }): boolean | undefined {
  if (options instanceof GraphTensor || isValues(options)) {
    throw new InvalidConfigError(
      `${owner}.apply`,
      "second argument",
      "options; several inputs go in one list, apply([a, b])",
      options,
    );
  }
  checkOptions(`${owner}.apply`, options, { training: true });
  const { training } = options;
  if (training === undefined || training === null) return undefined;
  return Option.flag().check(`${owner}.apply`, "training", training);
}
