import { FormatError } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import type { ImportedModel } from "../imported-model.ts";
import type { ResolvedFileLimits } from "../model-files/file-limits.ts";

/** @throws {FormatError} always, for now. */
export async function loadLegacyModel(file: Hdf5File, _limits: ResolvedFileLimits): Promise<ImportedModel> {
  throw new FormatError(file.source, "the file", "a .keras file", "an .h5 file");
}
