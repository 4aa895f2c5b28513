import { UnavailableError } from "@featuremap/tensor";
import type sharpType from "sharp";

/**
 * The package that encodes pictures, and decodes most. Its part for this machine is missing where optional dependencies were left out.
 *
 * @throws {UnavailableError} it cannot be loaded.
 */
export async function loadSharp(): Promise<typeof sharpType> {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    const remedy =
      "Install it again, with optional dependencies and for this system: npm install --include=optional sharp.";
    throw new UnavailableError("The package sharp, which reads and draws pictures, cannot be loaded", remedy, {
      cause,
    });
  }
}
