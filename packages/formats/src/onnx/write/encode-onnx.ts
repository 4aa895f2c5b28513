import { writeFileWhole } from "@featuremap/files";
import { type Preprocessing, requirePreprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { type HostArray, InvalidConfigError, type OptionNames, type Shape, checkOptions } from "@featuremap/tensor";
import { checkConnected } from "../../model-files/model-content.ts";
import { type OnnxValue, floatType } from "../proto/model-proto.ts";
import { writeModelProto } from "../proto/write-model-proto.ts";
import { GraphBuilder, type Value } from "./graph-builder.ts";
import { type FileLayout, channelsFirst, isFileLayout, layoutKey, orderedLengths, plainOrder } from "../layouts.ts";
import { ModelWriter } from "./write-graph.ts";

/** How to write an ONNX file. */
export interface EncodeOnnxOptions {
  /** Name of each class, in the order of the outputs, which the file then holds. */
  readonly labels?: readonly string[] | undefined;
  /** How a picture becomes the model's input, which the file then holds as JSON. */
  readonly preprocessing?: Preprocessing | undefined;
  /**
   * Where the file's inputs and outputs have their channels: `nhwc` where the model has them, last as a rule; `nchw` puts the
   * last axis of each input and output of three axes or more after the batch, as programs around PyTorch expect. The file says
   * which, and so `loadOnnx` turns them back. Default: `nhwc`.
   */
  readonly layout?: FileLayout | undefined;
}

const optionNames: OptionNames<EncodeOnnxOptions> = { labels: true, preprocessing: true, layout: true };

/** Operators of ONNX 1.12 and the file format that came with them: runtimes of 2022 read both. */
const opset = 17;
const irVersion = 8;

/** Bytes that protobuf can hold in one message; what else a file has is little beside weights. */
const mostBytes = 2 ** 31 - 1;

/**
 * A model as an ONNX file, for onnxruntime and other programs: opset 17, float32, what it predicts and nothing of how it trains.
 *
 * The batch axis is open (`N`) unless the model fixes it. `metadata_props` holds `labels` and `preprocessing` as JSON, where they
 * are given, the names of the inputs, and the layout.
 *
 * @throws {InvalidConfigError} what is given is not a model whose input shape is known; an option is not what it may be; layers
 * or options of layers have no equivalent in ONNX, all of which the message names; or the weights have 2 GiB or more,
 * which no message of protobuf holds.
 */
export async function encodeOnnx(model: Model, options: EncodeOnnxOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  return encode("encodeOnnx", model, options);
}

/**
 * Writes {@link encodeOnnx}'s file. Node only; a crash leaves the file that was there, or the new one.
 *
 * @throws {InvalidConfigError} as {@link encodeOnnx}.
 * @throws {UnavailableError} the file cannot be written.
 */
export async function saveOnnx(model: Model, path: string, options: EncodeOnnxOptions = {}): Promise<void> {
  await writeFileWhole(path, await encode("saveOnnx", model, options));
}

async function encode(owner: string, model: Model, options: EncodeOnnxOptions): Promise<Uint8Array<ArrayBuffer>> {
  checkConnected(owner, model);
  checkOptions(owner, options, optionNames);
  const { layout = "nhwc" } = options;
  if (!isFileLayout(layout)) throw new InvalidConfigError(owner, "layout", '"nhwc" or "nchw"', layout);
  const metadata = metadataOf(owner, model, options);
  const values = await readValues(owner, model);
  const builder = new GraphBuilder();
  const writer = new ModelWriter(builder, values);
  const orderOf = ({ length }: Shape): readonly number[] =>
    layout === "nchw" ? channelsFirst(length) : plainOrder(length);
  const inputs = model.inputs.map(({ shape, layer }): Value => ({
    name: builder.claim(layer.name),
    shape,
    order: orderOf(shape),
  }));
  const results = writer.model(model, inputs, "");
  if (writer.problems.size > 0) {
    const expected = `without what ONNX has no words for here, as ${[...writer.problems].join("; ")}`;
    throw new InvalidConfigError(owner, "model", expected, model.name);
  }
  const names = builder.finish(
    results.map((value, index) => ({
      name: builder.ordered(value, orderOf(value.shape)),
      wanted: model.outputs[index]?.layer.name ?? "output",
    })),
    new Set(inputs.map(({ name }) => name)),
  );
  const inputValues = inputs.map(({ name, shape, order }) => declared(name, orderedLengths(shape, order)));
  const outputValues = names.map((name, index) => {
    const { shape } = results[index] ?? { shape: [] };
    return declared(name, orderedLengths(shape, orderOf(shape)));
  });
  return writeModelProto({
    irVersion,
    producer: "featuremap",
    producerVersion: "0",
    opsets: new Map([["", opset]]),
    metadata: new Map([...metadata, ["inputs", JSON.stringify(inputs.map(({ name }) => name))], [layoutKey, layout]]),
    graph: {
      name: model.name,
      nodes: builder.nodes,
      initializers: builder.initializers,
      inputs: inputValues,
      outputs: outputValues,
    },
  });
}

/** What goes into `metadata_props` besides what is in the graph. */
function metadataOf(
  owner: string,
  model: Model,
  { labels, preprocessing }: EncodeOnnxOptions,
): readonly (readonly [string, string])[] {
  const entries: (readonly [string, string])[] = [];
  if (labels !== undefined) {
    if (!Array.isArray(labels) || !labels.every((label) => typeof label === "string")) {
      throw new InvalidConfigError(owner, "labels", "a list of text", labels);
    }
    const outputs = model.outputs[0]?.shape.at(-1);
    const fits =
      outputs === null || outputs === 1 ? labels.length === 2 || outputs === null : outputs === labels.length;
    if (!fits) throw new InvalidConfigError(owner, "labels", `one for each of ${outputs} outputs`, `${labels.length}`);
    entries.push(["labels", JSON.stringify(labels)]);
  }
  if (preprocessing !== undefined) {
    entries.push(["preprocessing", JSON.stringify(requirePreprocessing(preprocessing, owner))]);
  }
  return entries;
}

async function readValues(owner: string, model: Model): Promise<Map<object, HostArray<Float32Array>>> {
  const bytes = model.weights.reduce((sum, { size }) => sum + 4 * size, 0);
  if (bytes > mostBytes) throw new InvalidConfigError(owner, "model", "of weights under 2 GiB", `${bytes} bytes`);
  const values = new Map<object, HostArray<Float32Array>>();
  for (const weight of model.weights) values.set(weight, await weight.read());
  return values;
}

/** An input or output, whose open lengths have names. */
function declared(name: string, shape: Shape): OnnxValue {
  const lengths = shape.map((length, axis) => length ?? (axis === 0 ? "N" : `${name}_${axis}`));
  return { name, type: floatType, shape: lengths };
}
