import { NotReadyError } from "@featuremap/tensor";

/** What a layer makes when it is built. @throws {NotReadyError} it is not built yet. */
export function requireBuilt<Part>(owner: string, part: Part | null): Part {
  if (part !== null) return part;
  throw new NotReadyError(owner, "the layer has no weights yet", "Build it, or give it to a model.");
}
