import { besideLocation } from "#storage";
import type { ReadOptions } from "@featuremap/files";
import { FormatError, UnavailableError, describeValue } from "@featuremap/tensor";
import { type Hdf5File, openHdf5 } from "../hdf5/open-hdf5.ts";
import type { ByteSource } from "../reading/byte-source.ts";
import { describeFound, isObject, parseJsonObject } from "../reading/json.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import type { StoredTensor } from "../tensors/tensor-store.ts";
import type { VariableStore } from "./fill-model.ts";

const mostShards = 1_000;

/** The variables of weights in parts, and what lets go of the parts. */
export interface Shards extends VariableStore {
  close(): Promise<void>;
}

/**
 * Opens weights in parts: a `.weights.json` that says in which `.weights.h5` files beside it each layer's variables are.
 *
 * A part is opened when one of its layers is asked for, and stays open. Source: Keras 3.15, `saving_lib.ShardedH5IOStore`.
 *
 * @param location where `index` is from, or the files by name
 * @throws {FormatError} it is not such an index, or names a file that is not in its folder.
 */
export async function openShards(
  location: FileLocation | BundleFiles,
  index: ByteSource,
  documentBytes: number,
  options: ReadOptions,
): Promise<Shards> {
  if (index.size > documentBytes) {
    throw new FormatError(index.name, "the file", `at most ${documentBytes} bytes`, `${index.size}`);
  }
  const files = parseIndex(await index.read(0, index.size), index.name);
  const opened = new Map<string, Promise<readonly [Hdf5File, ByteSource]>>();
  let { limit: left = Number.POSITIVE_INFINITY } = options;
  const open = async (name: string): Promise<readonly [Hdf5File, ByteSource]> => {
    const source = await openBytes("loadKerasWeights", await placeOf(location, name), { ...options, limit: left });
    left -= source.size;
    try {
      return [await openHdf5(source), source];
    } catch (error) {
      await source.close();
      throw error;
    }
  };
  const part = (name: string): Promise<readonly [Hdf5File, ByteSource]> => {
    const found = opened.get(name) ?? open(name);
    opened.set(name, found);
    return found;
  };
  return {
    source: index.name,
    async variables(path) {
      const group = path === "" ? "vars" : `${path}/vars`;
      const names = files.get(`/${group}`);
      if (names === undefined) return undefined;
      const tensors = new Map<string, StoredTensor>();
      for (const name of names) {
        const [file] = await part(name);
        for (const key of (await file.keys(group)) ?? []) {
          const tensor = await file.tensor(`${group}/${key}`);
          if (tensors.has(key))
            throw new FormatError(file.source, describeValue(`${group}/${key}`), "in one part", "two");
          if (tensor !== undefined) tensors.set(key, tensor);
        }
      }
      return Array.from({ length: tensors.size }, (_, number) => {
        const tensor = tensors.get(`${number}`);
        if (tensor !== undefined) return tensor;
        const found = [...tensors.keys()].join(", ");
        throw new FormatError(index.name, describeValue(group), `variables 0 to ${tensors.size - 1}`, found);
      });
    },
    async close() {
      for (const file of opened.values()) await file.then(([, source]) => source.close()).catch(() => undefined);
    },
  };
}

function parseIndex(bytes: Uint8Array, source: string): ReadonlyMap<string, readonly string[]> {
  const { weight_map: places } = parseJsonObject(bytes, source, "index");
  if (!isObject(places)) throw new FormatError(source, "weight_map", "files by layer", describeFound(places));
  const all = new Set<string>();
  const files = new Map<string, readonly string[]>();
  for (const [path, place] of Object.entries(places)) {
    const names: readonly unknown[] = Array.isArray(place) ? place : [place];
    files.set(
      path,
      names.map((name) => {
        // A path, drive or address would let an index read files from elsewhere.
        if (typeof name === "string" && /^[\w-][\w.-]{0,199}$/.test(name)) return name;
        const what = `file of ${describeValue(path)}`;
        throw new FormatError(source, what, "a plain name in the index's folder", describeFound(name));
      }),
    );
    for (const name of files.get(path) ?? []) all.add(name);
    if (all.size > mostShards) throw new FormatError(source, "weight_map", `of at most ${mostShards} files`, "more");
  }
  return files;
}

async function placeOf(location: FileLocation | BundleFiles, name: string): Promise<FileLocation> {
  if (typeof location === "string" || location instanceof URL) return besideLocation(location, name);
  const file = location instanceof Map ? filesOf(location).get(name) : undefined;
  if (file !== undefined) return file;
  throw new UnavailableError(`The file ${name} is missing`, "Give all files of weights in parts as a Map by name.");
}

/** The files by their names alone, as a chooser may put folders before them. */
export function filesOf(files: BundleFiles): ReadonlyMap<string, Uint8Array | Blob> {
  return new Map([...files].map(([name, file]) => [name.slice(name.lastIndexOf("/") + 1), file]));
}
