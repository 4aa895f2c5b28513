import type { Model } from "@featuremap/layers";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { ReadOptions } from "@featuremap/files";
import { type Hdf5File, isHdf5, openHdf5 } from "../hdf5/open-hdf5.ts";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import { type LoadingOptions, checkSignalAndProgress } from "../model-files/read-model-files.ts";
import { describeKind, fileKind, isArchive, kindBytes } from "../reading/file-kind.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";
import { openZip } from "../zip/open-zip.ts";
import { checkModel } from "./encode-keras.ts";
import { type Mismatch, fillModel, hdf5Variables } from "./fill-model.ts";
import { fillFromLegacy, legacyGroup } from "./legacy-weights.ts";
import { openWeights } from "./load-keras.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import { filesOf, openShards } from "./shards.ts";

/** How to load weights of Keras. */
export interface LoadKerasWeightsOptions extends LoadingOptions {
  /**
   * Finds layers by their names and leaves out those that only one side has, as for a head of one's own. Only for older `.h5` files,
   * which have names. Default: false.
   */
  readonly byName?: boolean | undefined;
  /** Leaves a layer as it is whose weights in the file are of another number or shape. Default: false. */
  readonly skipMismatch?: boolean | undefined;
  /** How much the file may hold. */
  readonly limits?: { readonly weightsBytes?: number | undefined } | undefined;
}

const optionNames: OptionNames<LoadKerasWeightsOptions> = {
  byName: true,
  skipMismatch: true,
  limits: true,
  signal: true,
  onProgress: true,
};

/**
 * Gives a model the weights that Keras has saved for such a model: a `.weights.h5` file, the `.weights.json` of one in parts, a `.keras`
 * file, or an older `.h5` file, such as those of `keras.applications`. Files at hand that are in parts come as a Map by name.
 *
 * All shapes are checked before the first weight changes. One weight at a time is in memory besides the model; what comes from an
 * address is in memory whole while it is read.
 *
 * @returns the layers that `skipMismatch` left as they were, and why
 * @throws {InvalidConfigError} what is given is not a model whose input shape is known, the location is not one, or an option is
 * not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} the weights do not fit, or the file is damaged or longer than the limit.
 * @throws {OtherNetworkError} the file is of another network; {LayerCountError} where it has more or fewer layers. FormatErrors too.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadKerasWeights(
  model: Model,
  location: FileLocation | BundleFiles,
  options: LoadKerasWeightsOptions = {},
): Promise<readonly Mismatch[]> {
  const owner = "loadKerasWeights";
  checkModel(owner, model);
  checkOptions(owner, options, optionNames);
  const { byName = false, skipMismatch = false, signal, onProgress } = options;
  for (const [option, value] of Object.entries({ byName, skipMismatch })) {
    if (typeof value !== "boolean") throw new InvalidConfigError(owner, option, "true or false", value);
  }
  checkSignalAndProgress(owner, signal, onProgress);
  checkOptions("limits", options.limits ?? {}, { weightsBytes: true });
  const limits = resolveFileLimits(options.limits);
  const reading: ReadOptions = {
    limit: limits.weightsBytes,
    limitName: "limits.weightsBytes",
    signal,
    onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
  };
  const source = await openBytes(owner, firstOf(owner, location), reading);
  try {
    const start = await source.read(0, Math.min(kindBytes, source.size));
    const kind = fileKind(start);
    if (isHdf5(start)) return await fillFromHdf5(model, await openHdf5(source), { byName, skipMismatch });
    if (byName)
      throw new FormatError(source.name, "the file", "an older .h5 file, which has names of layers", "another");
    if (isArchive(kind)) {
      const archive = await openZip(source, { bytes: limits.weightsBytes, limitName: "limits.weightsBytes", signal });
      return await fillModel(model, await hdf5Variables(await openWeights(archive, source.name, model)), skipMismatch);
    }
    if (start[0] === 0x7b) {
      const shards = await openShards(location, source, limits.documentBytes, reading);
      try {
        return await fillModel(model, shards, skipMismatch);
      } finally {
        await shards.close();
      }
    }
    throw new FormatError(
      source.name,
      "the file",
      "weights of Keras: .weights.h5, .weights.json, .keras or .h5",
      describeKind(kind),
    );
  } finally {
    await source.close();
  }
}

/** The index among files at hand. */
function firstOf(owner: string, location: FileLocation | BundleFiles): FileLocation {
  if (!(location instanceof Map)) return location as FileLocation;
  const [index] = [...filesOf(location as BundleFiles)].find(([name]) => name.endsWith(".weights.json")) ?? [];
  const file = index === undefined ? undefined : filesOf(location as BundleFiles).get(index);
  if (file !== undefined) return file;
  throw new InvalidConfigError(owner, "location", "files of which one is a .weights.json", [...location.keys()]);
}

async function fillFromHdf5(
  model: Model,
  file: Hdf5File,
  options: { readonly byName: boolean; readonly skipMismatch: boolean },
): Promise<readonly Mismatch[]> {
  const group = await legacyGroup(file);
  if (group !== undefined) return (await fillFromLegacy(model, file, group, options)).skipped;
  if (options.byName) {
    throw new FormatError(
      file.source,
      "the file",
      "an older .h5 file, which has names of layers",
      "a .weights.h5 file",
    );
  }
  return fillModel(model, await hdf5Variables(file), options.skipMismatch);
}
