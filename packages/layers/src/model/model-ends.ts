import { InvalidConfigError, type Shape, ShapeError, formatShape, shapeAccepts } from "@featuremap/tensor";
import type { Graph } from "./graph/graph.ts";
import { GraphTensor } from "../layer/graph-tensor.ts";
import type { SymbolicTensor } from "../layer/layer.ts";
import { requireShapes } from "../config/options.ts";

/** The ends of a model, which plain JavaScript may have passed. */
export function listTensors(owner: string, option: string, tensors: unknown): readonly SymbolicTensor[] {
  const list: readonly unknown[] = Array.isArray(tensors) ? tensors : [tensors];
  if (list.every((tensor) => tensor instanceof GraphTensor)) return list as readonly SymbolicTensor[];
  throw new InvalidConfigError(owner, option, "a tensor of Input or of a layer, or a list of them", tensors);
}

/** What a model's inputs are called; undefined while they are not known. */
export function inputNames(graph: Graph | undefined): readonly string[] | undefined {
  return graph?.inputs.map(({ node }) => node.layer.name);
}

/** @throws {ShapeError} the shapes are not those that the inputs take. */
export function checkInputs(
  { name, inputs }: { readonly name: string; readonly inputs: readonly SymbolicTensor[] },
  shapes: readonly Shape[],
): void {
  requireShapes(name, shapes);
  if (shapes.length !== inputs.length)
    throw new ShapeError(name, "inputs", `${inputs.length} tensors`, `${shapes.length}`);
  inputs.forEach((input, index) => {
    const shape = shapes[index] ?? [];
    if (!shapeAccepts(input.shape, shape)) {
      const hint = shapeAccepts(input.shape.slice(1), shape)
        ? ": one example, which needs a batch axis of 1 before it"
        : "";
      throw new ShapeError(name, `input ${input.layer.name}`, formatShape(input.shape), formatShape(shape) + hint);
    }
  });
}
