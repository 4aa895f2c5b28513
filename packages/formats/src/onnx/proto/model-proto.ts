import type { ElementType } from "../../tensors/element-types.ts";

/** What of ONNX's `ModelProto` is of use here. Source: onnx.proto of ONNX 1.23. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each set of operators by its domain; `""` is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  /** Tensors with values, as weights. */
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** One use of an operator. */
export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  /** Names of values; `""` where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** A value of an attribute; what else there is, such as graphs within graphs, is `null`. */
export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor | null;

/** An input or output of a graph. */
export interface OnnxValue {
  readonly name: string;
  /** Number of its element type; 0 where it is not said. */
  readonly type: number;
  /** Lengths by number, or by a name where they are open; undefined where even their number is not said. */
  readonly shape?: readonly (number | string | null)[] | undefined;
}

/** A tensor with values, which are read from its bytes when they are needed. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Number of its element type. */
  readonly type: number;
  /** Its elements as in memory; undefined where they are in `integers` or in another file. */
  readonly bytes?: Uint8Array | undefined;
  /** Its elements one by one, as older programs write short integer tensors. */
  readonly integers?: readonly number[] | undefined;
  /** Where in another file its elements are. */
  readonly external?: ReadonlyMap<string, string> | undefined;
}

/** Element types by number. */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
  [16, "bfloat16"],
]);

export const floatType = 1;
export const int64Type = 7;
