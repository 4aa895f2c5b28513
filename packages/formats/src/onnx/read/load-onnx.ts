import { throwIfAborted } from "@featuremap/files";
import { type Preprocessing, parsePreprocessing } from "@featuremap/images";
import { type Model, deserializeModel } from "@featuremap/layers";
import {
  FormatError,
  HostArray,
  InvalidConfigError,
  type OptionNames,
  type Shape,
  checkOptions,
  formatShape,
  shapesEqual,
} from "@featuremap/tensor";
import type { ImportedModel } from "../../imported-model.ts";
import { type ModelFileLimits, resolveFileLimits } from "../../model-files/file-limits.ts";
import { parseJsonObject } from "../../reading/json.ts";
import { type FileLayout, isFileLayout } from "../layouts.ts";
import type { Constant } from "./constants.ts";
import { type OnnxLocation, openOnnx } from "./open-onnx.ts";
import { readGraph } from "./read-graph.ts";

/** How to load an ONNX file. */
export interface LoadOnnxOptions {
  /** How much the model may ask for; `weightsBytes` holds for the file and each one beside it. */
  readonly limits?: ModelFileLimits | undefined;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Where the model's inputs and outputs have their channels: `nhwc` last, as Keras has them, or where the model had them of which
   * {@link encodeOnnx} made the file; `file` where the file has them. Default: `nhwc`.
   */
  readonly layout?: "nhwc" | "file" | undefined;
  /**
   * Where the file's inputs have their channels, for `layout: "nhwc"`: `nchw` after the batch, `nhwc` last. Default: as
   * {@link encodeOnnx} has stated in the file; else after the batch if convolutions, pooling or the like take the input as it
   * stands, and where nothing tells, a note says so.
   */
  readonly fileLayout?: FileLayout | undefined;
  /** Lengths for the only input where the file leaves them open, in the file's order, batch axis first. */
  readonly inputShape?: Shape | undefined;
}

const optionNames: OptionNames<LoadOnnxOptions> = {
  limits: true,
  signal: true,
  layout: true,
  fileLayout: true,
  inputShape: true,
};

/**
 * Loads a CNN classifier from an ONNX file, as PyTorch, Keras, tf2onnx and {@link encodeOnnx} write it: a functional model whose
 * channels are last, of layers that can be trained further.
 *
 * @param location a path in Node, an http(s) address, bytes, a Blob; or files by name, of which one ends in `.onnx` and the others
 * hold its external data
 * @throws {InvalidConfigError} the location or an option is not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} the file is damaged, asks for more than the limits, or has operators that layers here have no words for,
 * all of which the message names.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadOnnx(location: OnnxLocation, options: LoadOnnxOptions = {}): Promise<ImportedModel> {
  const owner = "loadOnnx";
  checkOptions(owner, options, optionNames);
  const { layout = "nhwc", fileLayout, signal, inputShape } = options;
  if (layout !== "nhwc" && layout !== "file") throw new InvalidConfigError(owner, "layout", '"nhwc" or "file"', layout);
  if (fileLayout !== undefined && !(isFileLayout(fileLayout) && layout === "nhwc")) {
    const expected = layout === "file" ? 'left out where layout is "file"' : '"nhwc" or "nchw"';
    throw new InvalidConfigError(owner, "fileLayout", expected, fileLayout);
  }
  if (inputShape !== undefined && !isShape(inputShape)) {
    throw new InvalidConfigError(owner, "inputShape", "a list of lengths, or null for open ones", inputShape);
  }
  const limits = resolveFileLimits(options.limits);
  const { source, model: file, constants } = await openOnnx(owner, location, { limits, signal });
  const graph = readGraph(file, constants, source, { limits, layout, fileLayout, inputShape });
  throwIfAborted(source, signal);
  const model = deserializeModel(graph.config, source, { limits: limits.model });
  try {
    fill(model, graph.weights, source);
    const { labels, preprocessing } = readMetadata(file.metadata, source);
    return { model, labels, preprocessing, notes: graph.notes };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function isShape(shape: unknown): shape is Shape {
  return Array.isArray(shape) && shape.every((length) => length === null || (Number.isInteger(length) && length > 0));
}

function fill(model: Model, weights: ReadonlyMap<string, Constant>, source: string): void {
  const named = model.namedWeights();
  for (const [path, { shape, values }] of weights) {
    const weight = named.get(path);
    if (weight === undefined || !shapesEqual(weight.shape, shape)) {
      const expected = weight === undefined ? "a weight of the model" : formatShape(weight.shape);
      throw new FormatError(source, `values of ${path}`, expected, formatShape(shape));
    }
    weight.assign(new HostArray(values instanceof Float32Array ? values : new Float32Array(values), shape));
  }
}

/** What `encodeOnnx` keeps with a model. */
function readMetadata(
  metadata: ReadonlyMap<string, string>,
  source: string,
): { readonly labels?: readonly string[] | undefined; readonly preprocessing?: Preprocessing | undefined } {
  const parse = (key: string): unknown => {
    const text = metadata.get(key);
    if (text === undefined) return undefined;
    return parseJsonObject(new TextEncoder().encode(`{"value":${text}}`), source, `metadata_props ${key}`)["value"];
  };
  const labels = metadata.get("labels")?.startsWith("[") === true ? parse("labels") : undefined;
  const isText = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  const preprocessing = metadata.get("preprocessing")?.startsWith("{") === true ? parse("preprocessing") : undefined;
  return {
    labels: isText ? labels : undefined,
    preprocessing: preprocessing === undefined ? undefined : parsePreprocessing(preprocessing, source),
  };
}
