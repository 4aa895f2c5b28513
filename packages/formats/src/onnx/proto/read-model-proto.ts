import { FormatError } from "@featuremap/tensor";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model-proto.ts";
import { joinBytes } from "../../reading/join-bytes.ts";
import { WireReader } from "./wire-reader.ts";

/** Of attributes, whose text need not be text. */
const utf8 = new TextDecoder();

/**
 * The parts of an ONNX file. Nothing of it is believed yet but that it is well-formed protobuf; tensors stay where they are.
 *
 * @param source the file, for errors
 * @throws {FormatError} it is not protobuf of that layout.
 */
export function readModelProto(bytes: Uint8Array, source: string): OnnxModel {
  const reader = new WireReader(bytes, source, "the model");
  let [irVersion, producer] = [0, ""];
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let graph: OnnxGraph | undefined;
  let functions = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) irVersion = reader.integer();
    else if (field === 2) producer = reader.text();
    else if (field === 7) graph = readGraph(reader.message("the graph"));
    else if (field === 8) {
      const { domain, version } = readOpset(reader.message("opset_import"));
      opsets.set(domain, version);
    } else if (field === 14) {
      const [key, value] = readEntry(reader.message("metadata_props"));
      if (metadata.has(key)) throw new FormatError(source, "metadata_props", "of different keys", `${key} twice`);
      metadata.set(key, value);
    } else if (field === 25) {
      functions++;
      reader.skip();
    } else reader.skip();
  }
  if (graph === undefined) throw new FormatError(source, "file", "an ONNX model with a graph", "none");
  if (functions > 0) {
    throw new FormatError(source, "functions", "inlined, as onnx.inliner does", `${functions} functions of its own`);
  }
  return { irVersion, producer, opsets, metadata, graph };
}

function readOpset(reader: WireReader): { readonly domain: string; readonly version: number } {
  let [domain, version] = ["", 0];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) domain = reader.text();
    else if (field === 2) version = reader.integer();
    else reader.skip();
  }
  return { domain: domain === "ai.onnx" ? "" : domain, version };
}

function readEntry(reader: WireReader): readonly [string, string] {
  let [key, value] = ["", ""];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  return [key, value];
}

function readGraph(reader: WireReader): OnnxGraph {
  let name = "";
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) nodes.push(readNode(reader.message(`node ${nodes.length}`)));
    else if (field === 2) name = reader.text();
    else if (field === 5) initializers.push(readTensor(reader.message(`initializer ${initializers.length}`)));
    else if (field === 11) inputs.push(readValue(reader.message(`input ${inputs.length}`)));
    else if (field === 12) outputs.push(readValue(reader.message(`output ${outputs.length}`)));
    else if (field === 15) throw new FormatError(reader.source, "initializers", "dense", "a sparse one");
    else reader.skip();
  }
  return { name, nodes, initializers, inputs, outputs };
}

function readNode(reader: WireReader): OnnxNode {
  let [name, operator, domain] = ["", "", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) inputs.push(reader.text());
    else if (field === 2) outputs.push(reader.text());
    else if (field === 3) name = reader.text();
    else if (field === 4) operator = reader.text();
    else if (field === 5) {
      const [key, value] = readAttribute(reader.message(`an attribute of ${operator} ${name}`));
      attributes.set(key, value);
    } else if (field === 7) domain = reader.text();
    else reader.skip();
  }
  return { name, operator, domain: domain === "ai.onnx" ? "" : domain, inputs, outputs, attributes };
}

/** Numbers of attribute types, and what a value of none of them is. */
const attributeTypes = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7, texts: 8 } as const;

function readAttribute(reader: WireReader): readonly [string, OnnxAttribute] {
  let [name, type, number, text] = ["", 0, 0, ""];
  let tensor: OnnxTensor | null = null;
  const floats: number[] = [];
  const integers: number[] = [];
  const texts: string[] = [];
  let isFloat = false;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) name = reader.text();
    else if (field === 2) [number, isFloat] = [reader.float(), true];
    else if (field === 3) number = reader.integer();
    else if (field === 4) text = utf8.decode(reader.chunk());
    else if (field === 5) tensor = readTensor(reader.message(`attribute ${name}`));
    else if (field === 7) {
      const bytes = reader.fixed(4);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let start = 0; start < bytes.length; start += 4) floats.push(view.getFloat32(start, true));
    } else if (field === 8) reader.integersInto(integers);
    else if (field === 9) texts.push(utf8.decode(reader.chunk()));
    else if (field === 20) type = reader.integer();
    else reader.skip();
  }
  const { float, integer } = attributeTypes;
  const values = new Map<number, OnnxAttribute>([
    [float, number],
    [integer, number],
    [attributeTypes.text, text],
    [attributeTypes.tensor, tensor],
    [attributeTypes.floats, floats],
    [attributeTypes.integers, integers],
    [attributeTypes.texts, texts],
  ]);
  if (type === 0) type = typeOf({ isFloat, text, tensor, floats, integers, texts });
  return [name, values.get(type) ?? null];
}

/** The type that files of before IR version 3 do not say. */
function typeOf(given: {
  readonly isFloat: boolean;
  readonly text: string;
  readonly tensor: OnnxTensor | null;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly texts: readonly string[];
}): number {
  if (given.tensor !== null) return attributeTypes.tensor;
  if (given.floats.length > 0) return attributeTypes.floats;
  if (given.integers.length > 0) return attributeTypes.integers;
  if (given.texts.length > 0) return attributeTypes.texts;
  if (given.text !== "") return attributeTypes.text;
  return given.isFloat ? attributeTypes.float : attributeTypes.integer;
}

function readTensor(reader: WireReader): OnnxTensor {
  let [name, type, location] = ["", 0, 0];
  const shape: number[] = [];
  const chunks: Uint8Array[] = [];
  const integers: number[] = [];
  const external = new Map<string, string>();
  let strings = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) reader.integersInto(shape);
    else if (field === 2) type = reader.integer();
    else if (field === 4) chunks.push(reader.fixed(4));
    else if (field === 5 || field === 7 || field === 11) reader.integersInto(integers);
    else if (field === 6) {
      strings++;
      reader.skip();
    } else if (field === 8) name = reader.text();
    else if (field === 9) chunks.push(reader.chunk());
    else if (field === 10) chunks.push(reader.fixed(8));
    else if (field === 13) {
      const [key, value] = readEntry(reader.message(`external_data of ${name}`));
      external.set(key, value);
    } else if (field === 14) location = reader.integer();
    else reader.skip();
  }
  if (strings > 0) return { name, shape, type: 8 };
  if (location === 1) return { name, shape, type, external };
  if (integers.length > 0) return { name, shape, type, integers };
  const [bytes = new Uint8Array()] = chunks;
  return { name, shape, type, bytes: chunks.length < 2 ? bytes : joinBytes(chunks) };
}

function readValue(reader: WireReader): OnnxValue {
  let name = "";
  let type: Omit<OnnxValue, "name"> = { type: 0 };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) name = reader.text();
    else if (field === 2) type = readType(reader.message(`the type of ${name}`));
    else reader.skip();
  }
  return { name, ...type };
}

function readType(reader: WireReader): Omit<OnnxValue, "name"> {
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 1) {
      // Sequences, maps and optional values.
      reader.skip();
      continue;
    }
    const tensor = reader.message(reader.what);
    let type = 0;
    let shape: (number | string | null)[] | undefined;
    for (let part = tensor.next(); part !== 0; part = tensor.next()) {
      if (part === 1) type = tensor.integer();
      else if (part === 2) shape = readShape(tensor.message(reader.what));
      else tensor.skip();
    }
    return { type, shape };
  }
  return { type: 0 };
}

function readShape(reader: WireReader): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 1) {
      reader.skip();
      continue;
    }
    const axis = reader.message(reader.what);
    let length: number | string | null = null;
    for (let part = axis.next(); part !== 0; part = axis.next()) {
      if (part === 1) length = axis.integer();
      else if (part === 2) length = axis.text();
      else axis.skip();
    }
    shape.push(length);
  }
  return shape;
}
