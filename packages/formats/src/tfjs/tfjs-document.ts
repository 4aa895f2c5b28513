import { FormatError } from "@featuremap/tensor";
import { isFromTfjs, toKeras3 } from "../keras2/to-keras3.ts";
import { type JsonObject, describeFound, isObject, parsePythonObject } from "../reading/json.ts";
import { type WeightsGroup, parseWeightsManifest } from "./weights-manifest.ts";

/** What a layers-model's `model.json` holds. */
export interface TfjsDocument {
  /** The model in Keras 3's JSON. */
  readonly model: JsonObject;
  readonly groups: readonly WeightsGroup[];
  /** Whether TensorFlow.js itself saved it, and no converter. */
  readonly isFromTfjs: boolean;
  /** How it was compiled, as Keras 2 writes it. */
  readonly training: JsonObject | undefined;
  /** What its author added. */
  readonly metadata: JsonObject;
}

const layersModel = "layers-model";

/**
 * Checks all of a layers-model's `model.json` but the layers themselves.
 *
 * @param source the file, for the error
 * @throws {FormatError} it is another kind of file, such as a graph-model, or damaged.
 */
export function parseTfjsDocument(bytes: Uint8Array, source: string): TfjsDocument {
  const { format, modelTopology, weightsManifest, trainingConfig, userDefinedMetadata } = parsePythonObject(
    bytes,
    source,
    "document",
  );
  if (format === "graph-model" || (isObject(modelTopology) && "node" in modelTopology)) {
    const advice =
      "convert the Keras model itself with --output_format tfjs_layers_model, or load its .keras or .h5 file";
    throw new FormatError(
      source,
      "format",
      `"${layersModel}"`,
      `"graph-model", a frozen graph that has no layers any more: ${advice}`,
    );
  }
  if (format !== undefined && format !== layersModel) {
    throw new FormatError(source, "format", `"${layersModel}"`, describeFound(format));
  }
  if (!isObject(modelTopology)) {
    throw new FormatError(source, "modelTopology", "a model of layers", describeFound(modelTopology));
  }
  const { model_config: config = modelTopology, keras_version: version, training_config: compiled } = modelTopology;
  const training = trainingConfig ?? compiled;
  return {
    model: toKeras3(config, source, version),
    isFromTfjs: isFromTfjs(version),
    groups: parseWeightsManifest(weightsManifest, source),
    training: isObject(training) ? training : undefined,
    metadata: isObject(userDefinedMetadata) ? userDefinedMetadata : {},
  };
}
