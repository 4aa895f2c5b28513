import { ShapeError } from "@featuremap/tensor";
import { type Tensor, transpose } from "@tensorflow/tfjs-core";

/** The tensor with its class axis last. @throws {ShapeError} it has no such axis. */
export function classesLast(owner: string, x: Tensor, axis: number): Tensor {
  const from = axis < 0 ? axis + x.rank : axis;
  if (!(from >= 0 && from < x.rank)) throw new ShapeError(owner, "output", `of an axis ${axis}`, `rank ${x.rank}`);
  if (from === x.rank - 1) return x;
  const others = Array.from({ length: x.rank }, (_, index) => index).filter((index) => index !== from);
  return transpose(x, [...others, from]);
}
