import type { Model, Weight } from "@featuremap/layers";
import { FormatError, type HostArray, describeValue } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import type { ImportedModel, KerasTraining } from "../imported-model.ts";
import type { ResolvedFileLimits } from "../model-files/file-limits.ts";
import { type JsonObject, isObject, parsePythonObject } from "../reading/json.ts";
import { holdsVariables } from "./fill-model.ts";
import { fillFromLegacy, legacyGroup, namesOf } from "./legacy-weights.ts";
import { keras2TrainingByName } from "./keras2-training.ts";
import { readKerasConfig } from "./read-config.ts";
import { readVariable } from "./read-variable.ts";

/**
 * A whole model of an `.h5` file.
 *
 * @throws {FormatError} it holds weights alone, is damaged, or asks for more than the limits.
 */
export async function loadLegacyModel(file: Hdf5File, limits: ResolvedFileLimits): Promise<ImportedModel> {
  const { source } = file;
  const config = await readJson(file, "model_config", limits);
  const group = await legacyGroup(file);
  if (config === undefined) {
    const isWeights = group !== undefined || (await holdsVariables(file));
    const found = !isWeights ? "another HDF5 file" : "weights alone: loadKerasWeights(model, file) reads them";
    throw new FormatError(source, "the file", "a whole model, with model_config", found);
  }
  if (group === undefined) throw new FormatError(source, "weights", "in model_weights", "none");
  const version = await file.attribute("", "keras_version");
  const notes: string[] = [];
  const model = readKerasConfig(config, version, `${source}: model_config`, limits.model, notes);
  const { names } = await fillFromLegacy(model, file, group, { byName: false, skipMismatch: false });
  const training = await readTraining(model, file, version, names, limits, notes);
  return { model, training, notes };
}

async function readJson(file: Hdf5File, name: string, limits: ResolvedFileLimits): Promise<JsonObject | undefined> {
  const text = await file.attribute("", name);
  if (typeof text !== "string") return undefined;
  const bytes = new TextEncoder().encode(text);
  const { documentBytes } = limits;
  if (bytes.length > documentBytes) {
    throw new FormatError(
      file.source,
      name,
      `at most ${documentBytes} bytes (limits.documentBytes)`,
      `${bytes.length}`,
    );
  }
  return parsePythonObject(bytes, `${file.source}: ${name}`, "document");
}

/** What it was trained with, in the words of Keras 3's `compile_config`. */
async function readTraining(
  model: Model,
  file: Hdf5File,
  version: unknown,
  weightNames: ReadonlyMap<Weight, string>,
  limits: ResolvedFileLimits,
  notes: string[],
): Promise<KerasTraining | undefined> {
  const config = (await readJson(file, "training_config", limits)) ?? {};
  const { optimizer_config: optimizer, ...others } = config;
  if (!isObject(optimizer)) return undefined;
  const group = "optimizer_weights";
  const names = (await namesOf(file, group, "weight_names")) ?? [];
  const paths = new Map(names.map((name) => [name, `${group}/${name}`]));
  if (!(typeof version === "string" && version.startsWith("3"))) {
    return keras2TrainingByName(model, config, file, paths, weightNames, notes);
  }
  const variables: HostArray[] = [];
  for (const path of paths.values()) {
    const tensor = await file.tensor(path);
    if (tensor === undefined) throw new FormatError(file.source, describeValue(path), "a dataset", "nothing");
    variables.push(await readVariable(tensor));
  }
  return { compile: { optimizer, ...others }, variables: variables.length > 0 ? variables : undefined };
}
