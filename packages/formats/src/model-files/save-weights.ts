import { writeFileWhole } from "@featuremap/files";
import type { Model } from "@featuremap/layers";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import { checkConnected, readWeights } from "./model-content.ts";
import { refuseOtherFormat } from "./other-formats.ts";

/**
 * Writes a model's weights by their paths as one safetensors file, which `loadWeights` reads. Node only.
 *
 * A crash at any moment leaves the file that was there or the new one.
 *
 * @throws {InvalidConfigError} what is given is not a model whose input shape is known, two weights have one path, or the
 * file is named like one of another format.
 * @throws {UnavailableError} the file cannot be written.
 */
export async function saveWeights(model: Model, path: string): Promise<void> {
  checkConnected("saveWeights", model);
  refuseOtherFormat("saveWeights", "path", path, "a safetensors file");
  await writeFileWhole(path, encodeSafetensors(await readWeights("saveWeights", model)));
}
