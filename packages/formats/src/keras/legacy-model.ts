import { FormatError, type HostArray, describeValue } from "@featuremap/tensor";
import type { Hdf5File } from "../hdf5/open-hdf5.ts";
import type { ImportedModel, KerasTraining } from "../imported-model.ts";
import type { ResolvedFileLimits } from "../model-files/file-limits.ts";
import { type JsonObject, isObject, parseJsonObject } from "../reading/json.ts";
import { fillFromLegacy, legacyGroup, namesOf } from "./legacy-weights.ts";
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
    const found = group === undefined ? "another HDF5 file" : "weights alone: loadKerasWeights(model, file) reads them";
    throw new FormatError(source, "the file", "a whole model, with model_config", found);
  }
  if (group === undefined) throw new FormatError(source, "weights", "in model_weights", "none");
  const version = await file.attribute("", "keras_version");
  const notes: string[] = [];
  const model = readKerasConfig(config, version, `${source}: model_config`, limits.model, notes);
  await fillFromLegacy(model, file, group, { byName: false, skipMismatch: false });
  const training = await readTraining(file, version, limits, notes);
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
  return parseJsonObject(bytes, `${file.source}: ${name}`, "document");
}

/** What it was trained with, in the words of Keras 3's `compile_config`. */
async function readTraining(
  file: Hdf5File,
  version: unknown,
  limits: ResolvedFileLimits,
  notes: string[],
): Promise<KerasTraining | undefined> {
  const { optimizer_config: optimizer, ...others } = (await readJson(file, "training_config", limits)) ?? {};
  if (!isObject(optimizer)) return undefined;
  const compile = { optimizer, ...others };
  if (typeof version === "string" && version.startsWith("3")) return { compile, variables: await readVariables(file) };
  notes.push("The optimizer's state is left out: Keras 2 kept it in another order.");
  return { compile };
}

async function readVariables(file: Hdf5File): Promise<readonly HostArray[] | undefined> {
  const group = "optimizer_weights";
  const names = await namesOf(file, group, "weight_names");
  if (names === undefined) return undefined;
  const variables: HostArray[] = [];
  for (const name of names) {
    const tensor = await file.tensor(`${group}/${name}`);
    if (tensor === undefined) throw new FormatError(file.source, describeValue(name), "a dataset", "nothing");
    variables.push(await readVariable(tensor));
  }
  return variables;
}
