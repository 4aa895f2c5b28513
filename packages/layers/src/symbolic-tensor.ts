import type { Shape } from "@featuremap/tensor";
import type { Layer } from "./layer.ts";

/** One use of a layer in a graph: which tensors went in, and which came out. */
export interface LayerNode {
  readonly layer: Layer;
  /** Empty for an input layer. */
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** A tensor that a graph will compute: its shape and where it comes from, without values. */
export class SymbolicTensor {
  readonly shape: Shape;
  /** The use of a layer that produces it. */
  readonly node: LayerNode;
  /** Its place among that node's outputs. */
  readonly tensorIndex: number;

  constructor(shape: Shape, node: LayerNode, tensorIndex: number) {
    this.shape = shape;
    this.node = node;
    this.tensorIndex = tensorIndex;
  }

  /** The layer that produces it. */
  get layer(): Layer {
    return this.node.layer;
  }
}

/** Connects a layer's outputs of the given shapes to its inputs. */
export function createNode(layer: Layer, inputs: readonly SymbolicTensor[], outputShapes: readonly Shape[]): LayerNode {
  const outputs: SymbolicTensor[] = [];
  const node: LayerNode = { layer, inputs, outputs };
  outputShapes.forEach((shape, index) => outputs.push(new SymbolicTensor(shape, node, index)));
  return node;
}
