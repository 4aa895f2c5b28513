import { FormatError, describeValue } from "@featuremap/tensor";
import { describeFound, isObject, parseJsonObject } from "../reading/json.ts";

const mostShards = 1_000;

/**
 * Reads the index of safetensors in shards: `{ metadata, weight_map: { tensor: file } }`.
 *
 * Source: Hugging Face's `model.safetensors.index.json`.
 *
 * @param source the file, for the error
 * @returns the names of the tensors of each file
 * @throws {FormatError} it is not such an index, or names a file that is not in its folder.
 */
export function parseShardIndex(bytes: Uint8Array, source: string): Map<string, Set<string>> {
  const { weight_map: places } = parseJsonObject(bytes, source, "index");
  if (!isObject(places)) throw new FormatError(source, "weight_map", "files by tensor", describeFound(places));
  const shards = new Map<string, Set<string>>();
  for (const [tensor, file] of Object.entries(places)) {
    // A path, drive or address would let an index read files from elsewhere.
    if (typeof file !== "string" || !/^[\w-][\w.-]{0,199}$/.test(file)) {
      const what = `file of tensor ${describeValue(tensor)}`;
      throw new FormatError(source, what, "a plain name in the index's folder", describeFound(file));
    }
    const tensors = shards.get(file) ?? new Set();
    shards.set(file, tensors.add(tensor));
    if (shards.size > mostShards) throw new FormatError(source, "weight_map", `of at most ${mostShards} files`, "more");
  }
  return shards;
}
