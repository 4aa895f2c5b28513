import { type Tensor, type Variable, add, div, zerosLike } from "@tensorflow/tfjs-core";

/** Where a batch stands among those whose gradients make one step. */
export interface Accumulation {
  /** Batches to a step. */
  readonly batches: number;
  /** Whether this batch is the last of them. */
  readonly isComplete: boolean;
}

/**
 * The gradients to step with: their mean over the batches; undefined while more are to come. To be called inside `tidy`.
 *
 * @param sums of each gradient so far, to which this batch is added; zero again after the last
 */
export function accumulate(
  gradients: readonly Tensor[],
  sums: readonly Variable[],
  { batches, isComplete }: Accumulation,
): readonly Tensor[] | undefined {
  const totals = gradients.map((gradient, index) => add(gradient, sums[index] ?? 0));
  for (const [index, total] of totals.entries()) sums[index]?.assign(isComplete ? zerosLike(total) : total);
  return isComplete ? totals.map((total) => div(total, batches)) : undefined;
}
