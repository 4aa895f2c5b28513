import type { Shape } from "@featuremap/tensor";

/** One use of a layer in a graph: which tensors went in, and which came out. */
export interface GraphNode<Producer> {
  readonly layer: Producer;
  /** Empty for an input layer. */
  readonly inputs: readonly GraphTensor<Producer>[];
  readonly outputs: readonly GraphTensor<Producer>[];
  /** Whether this use trains regardless of the pass; `undefined` where it follows the pass. */
  readonly training: boolean | undefined;
}

/** A tensor that a graph will compute: its shape and where it comes from, without values. */
export class GraphTensor<Producer> {
  readonly shape: Shape;
  /** The use of a layer that produces it. */
  readonly node: GraphNode<Producer>;
  /** Its place among that node's outputs. */
  readonly tensorIndex: number;

  constructor(shape: Shape, node: GraphNode<Producer>, tensorIndex: number) {
    this.shape = shape;
    this.node = node;
    this.tensorIndex = tensorIndex;
  }

  /** The layer that produces it. */
  get layer(): Producer {
    return this.node.layer;
  }
}

/** Connects a layer's outputs of the given shapes to its inputs. */
export function createNode<Producer>(
  layer: Producer,
  inputs: readonly GraphTensor<Producer>[],
  outputShapes: readonly Shape[],
  training?: boolean,
): GraphNode<Producer> {
  const outputs: GraphTensor<Producer>[] = [];
  const node: GraphNode<Producer> = { layer, inputs, outputs, training };
  outputShapes.forEach((shape, index) => outputs.push(new GraphTensor(shape, node, index)));
  return node;
}
