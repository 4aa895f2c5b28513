import { InvalidConfigError } from "@featuremap/tensor";
import type { FillMode } from "@featuremap/operations";

/** How a pixel comes about that lies between others. */
export type Interpolation = "nearest" | "bilinear";

export const interpolations: readonly Interpolation[] = ["nearest", "bilinear"];
export const fillModes: readonly FillMode[] = ["reflect", "wrap", "constant", "nearest"];

/** @throws {InvalidConfigError} there is no such interpolation. */
export function requireInterpolation(owner: string, interpolation: Interpolation = "bilinear"): Interpolation {
  if (interpolations.includes(interpolation)) return interpolation;
  throw new InvalidConfigError(owner, "interpolation", `one of ${interpolations.join(", ")}`, interpolation);
}

/** @throws {InvalidConfigError} there is no such mode. */
export function requireFillMode(owner: string, fillMode: FillMode = "reflect"): FillMode {
  if (fillModes.includes(fillMode)) return fillMode;
  throw new InvalidConfigError(owner, "fillMode", `one of ${fillModes.join(", ")}`, fillMode);
}

/** @throws {InvalidConfigError} the value is not a finite number. */
export function requireFillValue(owner: string, fillValue = 0): number {
  if (Number.isFinite(fillValue)) return fillValue;
  throw new InvalidConfigError(owner, "fillValue", "a finite number", fillValue);
}
