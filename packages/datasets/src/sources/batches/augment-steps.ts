import { type ImageOperation, type Pixels, operationMakerName } from "@featuremap/images";
import { InvalidConfigError, type RandomStream, ShapeError, isTypedArray } from "@featuremap/tensor";

/** @throws {InvalidConfigError} it is not a list of operations, or, where these may be among them, functions; the first that is none is named. */
export function checkAugment(owner: string, augment: unknown, functions: "or functions" | "only"): void {
  const each = functions === "only" ? "operation" : "function or operation";
  if (!Array.isArray(augment)) {
    throw new InvalidConfigError(owner, "augment", `a list of ${each}s, such as [randomFlipLeftRight()]`, augment);
  }
  for (const [index, step] of augment.entries()) {
    const maker = operationMakerName(step);
    const isOwn = functions === "or functions" && typeof step === "function" && maker === undefined;
    if (isOperation(step) || isOwn) continue;
    const hint = maker === undefined ? "" : `; call it: ${maker}()`;
    const example = `an ${each}, such as randomFlipLeftRight() of @featuremap/images${hint}`;
    const expected = example.replace("an function", "a function");
    throw new InvalidConfigError(owner, `augment[${index}]`, expected, step);
  }
}

function isOperation(step: unknown): boolean {
  return typeof step === "object" && step !== null && "apply" in step && typeof step.apply === "function";
}

/**
 * What an operation makes of pixels.
 *
 * @throws {InvalidConfigError} those are none; the step is named by its place.
 * @throws {ShapeError} they are not 1, 3 or 4 bytes for each place.
 */
export function changePixels(
  owner: string,
  index: number,
  operation: ImageOperation,
  pixels: Pixels,
  random: RandomStream,
): Pixels {
  const changed: Partial<Pixels> | undefined = operation.apply(pixels, random);
  const { data, width = 0, height = 0 } = changed ?? {};
  if (!isTypedArray(data, "Uint8Array", "Uint8ClampedArray")) {
    const expected = "an operation that returns pixels, { data, width, height } with bytes as data";
    throw new InvalidConfigError(owner, `augment[${index}]`, expected, changed);
  }
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (sides && [1, 3, 4].includes(data.length / (width * height))) return { data, width, height };
  const found = `${data.length} bytes of ${width} x ${height}`;
  throw new ShapeError(owner, `augment[${index}]`, "an operation that returns 1, 3 or 4 bytes per pixel", found);
}
