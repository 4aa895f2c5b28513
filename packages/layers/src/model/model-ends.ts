import { InvalidConfigError, type Shape, ShapeError, formatShape, shapeAccepts } from "@featuremap/tensor";
import { GraphTensor } from "../layer/graph-tensor.ts";
import type { SymbolicTensor } from "../layer/layer.ts";
import { isRecord } from "../config/config-reader.ts";
import { requireShapes } from "../config/options.ts";

/** Inputs or outputs of a model: one, a list, or by names. */
export type ModelEnds = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** The ends of a model, which plain JavaScript may have passed. */
export function listTensors(owner: string, option: string, tensors: unknown): readonly SymbolicTensor[] {
  const list = listOf(tensors);
  if (list.every((tensor) => tensor instanceof GraphTensor)) return list as readonly SymbolicTensor[];
  throw new InvalidConfigError(
    owner,
    option,
    "a tensor of Input or of a layer, or several in a list or by names",
    tensors,
  );
}

function listOf(tensors: unknown): readonly unknown[] {
  if (Array.isArray(tensors)) return tensors;
  return isByName(tensors) ? namesOf(tensors).map((name) => tensors[name]) : [tensors];
}

/** Whether several tensors are given by names. */
export function isByName<Tensor>(
  ends: Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>,
): ends is Readonly<Record<string, Tensor>> {
  return isRecord(ends) && !(ends instanceof GraphTensor);
}

/** The names in the order in which Keras flattens them. */
export function namesOf(ends: object): readonly string[] {
  return Object.keys(ends).toSorted();
}

/** What inputs or outputs are called: by the names that they were given, else as the layers that make them. */
export function endNames(given: ModelEnds, tensors: readonly SymbolicTensor[]): readonly string[] {
  return isByName(given) ? namesOf(given) : tensors.map(({ node }) => node.layer.name);
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
