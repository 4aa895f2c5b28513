import { type Model, type ModelLimits, deserializeModel } from "@featuremap/layers";
import { FormatError } from "@featuremap/tensor";
import { toKeras3 } from "../keras2/to-keras3.ts";
import { asFloat32 } from "../reading/as-float32.ts";
import { type JsonObject, isObject } from "../reading/json.ts";

/**
 * The network of a `config.json` or of the attribute `model_config`, with new weights.
 *
 * @param version `keras_version` of the file
 * @param notes where it is said what is not as the file says
 * @throws {FormatError} it is damaged, has a class or an option that is not here, or asks for more than the limits.
 */
export function readKerasConfig(
  config: JsonObject,
  version: unknown,
  source: string,
  limits: ModelLimits,
  notes: string[],
): Model {
  const { compile_config: _compile, ...network } = config;
  const computed = asFloat32(toKeras3(network, source, version), source);
  notes.push(...computed.notes);
  const model = deserializeModel(computed.config, source, { limits });
  if (model.innerLayers?.length === 0)
    throw new FormatError(source, "model", "one with layers besides its input", "none");
  if (!model.connected) throw new FormatError(source, "model", "one with an input shape", "none");
  return model;
}

/** How the model was compiled, if it was. */
export function compileConfig(config: JsonObject): JsonObject | undefined {
  const { compile_config: compile } = config;
  return isObject(compile) && Object.keys(compile).length > 0 ? compile : undefined;
}
