import { InvalidConfigError, nearestName } from "@featuremap/tensor";
import * as colours from "./colours.ts";
import * as crops from "./crops.ts";
import { cutout, randomErasing } from "./erasing.ts";
import { randomFlipLeftRight, randomFlipUpDown } from "./flips.ts";
import { imageDataGenerator } from "./image-data-generator.ts";
import type { ImageOperation, OperationDescription } from "./image-operation.ts";
import { randAugment, trivialAugment } from "./policies.ts";
import * as warps from "./warps.ts";

/** Functions that make operations, by name; each takes plain JSON. */
const factories: Readonly<Record<string, (...given: never[]) => ImageOperation>> = {
  centerCrop: crops.centerCrop,
  colorJitter: colours.colorJitter,
  cutout,
  imageDataGenerator,
  pad: crops.pad,
  randAugment,
  randomAffine: warps.randomAffine,
  randomAutoContrast: colours.randomAutoContrast,
  randomBrightness: colours.randomBrightness,
  randomContrast: colours.randomContrast,
  randomCrop: crops.randomCrop,
  randomEqualize: colours.randomEqualize,
  randomErasing,
  randomFlipLeftRight,
  randomFlipUpDown,
  randomGamma: colours.randomGamma,
  randomGrayscale: colours.randomGrayscale,
  randomHue: colours.randomHue,
  randomInvert: colours.randomInvert,
  randomPerspective: warps.randomPerspective,
  randomPosterize: colours.randomPosterize,
  randomResizedCrop: crops.randomResizedCrop,
  randomRotation: warps.randomRotation,
  randomSaturation: colours.randomSaturation,
  randomSharpness: colours.randomSharpness,
  randomSolarize: colours.randomSolarize,
  randomTranslation: warps.randomTranslation,
  randomZoom: warps.randomZoom,
  resize: crops.resize,
  trivialAugment,
};

/**
 * The operation that a description tells.
 *
 * @throws {InvalidConfigError} there is none of that name, or an argument is wrong.
 */
export function imageOperation(description: OperationDescription): ImageOperation {
  const { name, given } = read("imageOperation", description);
  const factory = Object.hasOwn(factories, name) ? factories[name] : undefined;
  if (factory !== undefined) return factory(...(given as never[]));
  const nearest = nearestName(name, Object.keys(factories));
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  throw new InvalidConfigError("imageOperation", "name", `the name of an operation of @featuremap/images${hint}`, name);
}

/** The name of a function that makes operations, which stands where one was meant that was not called; else undefined. */
export function operationMakerName(value: unknown): string | undefined {
  return Object.entries(factories).find(([, factory]) => factory === value)?.[0];
}

/** An operation as plain JSON, for a worker or a file. */
export function describeOperation(operation: ImageOperation): OperationDescription {
  const { name, given } = read("describeOperation", operation);
  return { name, arguments: given };
}

function read(
  owner: string,
  value: OperationDescription,
): { readonly name: string; readonly given: readonly unknown[] } {
  if (typeof value === "object" && value !== null && typeof value.name === "string" && Array.isArray(value.arguments)) {
    return { name: value.name, given: value.arguments };
  }
  throw new InvalidConfigError(owner, "operation", "one of @featuremap/images, such as randomFlipLeftRight()", value);
}
