import { type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor, type OnnxValue } from "./model-proto.ts";
import { WireWriter } from "./wire-writer.ts";

/** An ONNX file of a model whose tensors hold their bytes. */
export function writeModelProto(model: OnnxModel & { readonly producerVersion: string }): Uint8Array<ArrayBuffer> {
  return modelMessage(model).finish();
}

function modelMessage(model: OnnxModel & { readonly producerVersion: string }): WireWriter {
  const message = new WireWriter();
  message.integer(1, model.irVersion).text(2, model.producer).text(3, model.producerVersion);
  const graph = new WireWriter();
  for (const node of model.graph.nodes) graph.message(1, nodeMessage(node));
  graph.text(2, model.graph.name);
  for (const tensor of model.graph.initializers) graph.message(5, tensorMessage(tensor));
  for (const value of model.graph.inputs) graph.message(11, valueMessage(value));
  for (const value of model.graph.outputs) graph.message(12, valueMessage(value));
  message.message(7, graph);
  for (const [domain, version] of model.opsets) {
    message.message(8, new WireWriter().text(1, domain).integer(2, version));
  }
  for (const [key, value] of model.metadata) message.message(14, new WireWriter().text(1, key).text(2, value));
  return message;
}

function nodeMessage(node: OnnxNode): WireWriter {
  const message = new WireWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name).text(4, node.operator);
  if (node.domain !== "") message.text(7, node.domain);
  for (const [name, value] of node.attributes) message.message(5, attributeMessage(node.operator, name, value));
  return message;
}

/** Attributes whose numbers are floats even where they are whole. */
const floatAttributes: ReadonlySet<string> = new Set(["alpha", "beta", "gamma", "epsilon", "cubic_coeff_a"]);

function attributeMessage(operator: string, name: string, value: OnnxAttribute): WireWriter {
  const message = new WireWriter().text(1, name);
  if (typeof value === "string") return message.chunk(4, new TextEncoder().encode(value)).integer(20, 3);
  if (typeof value === "number") {
    return floatAttributes.has(name)
      ? message.float(2, value).integer(20, 1)
      : message.integer(3, value).integer(20, 2);
  }
  if (Array.isArray(value)) {
    for (const entry of value as readonly number[]) message.integer(8, entry);
    return message.integer(20, 7);
  }
  throw new TypeError(`attribute ${name} of ${operator} is of a kind that is not written here`);
}

function tensorMessage({ name, shape, type, bytes = new Uint8Array() }: OnnxTensor): WireWriter {
  const message = new WireWriter();
  for (const length of shape) message.integer(1, length);
  return message.integer(2, type).text(8, name).chunk(9, bytes);
}

function valueMessage({ name, type, shape = [] }: OnnxValue): WireWriter {
  const axes = new WireWriter();
  for (const length of shape) {
    const axis = new WireWriter();
    if (typeof length === "number") axis.integer(1, length);
    else if (length !== null) axis.text(2, length);
    axes.message(1, axis);
  }
  const tensor = new WireWriter().integer(1, type).message(2, axes);
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, tensor));
}
