import type { NodeUse, Tensor } from "../node-use.ts";
import { slice } from "./items.ts";
import type { Margin } from "./windows.ts";

/** Copies of one element that stand beside each other. */
const mostCopies = 64;

/** With elements of the tensor itself around it: that at the border, those behind it mirrored, or those at the other end. */
export function repeated(use: NodeUse, tensor: Tensor, margins: readonly Margin[], mode: string): Tensor {
  let result = use.settled(tensor);
  const { order } = result;
  for (const [place, axis] of order.entries()) {
    const [before, after] = margins[axis] ?? [0, 0];
    if (before === 0 && after === 0) continue;
    if (place === 0 || before < 0 || after < 0)
      return use.refuse("margins along the batch axis, or cut with others added");
    const length = tensor.shape[axis] ?? use.refuse("margins of open lengths");
    const { keras } = result;
    const part = (items: unknown): Tensor["keras"] => {
      const whole = slice(null, null, null);
      const all = order.map((_, index) => (index === place ? items : whole));
      return use.operation("GetItem", [keras, all], order).keras;
    };
    const parts = [
      ...bordering(use, mode, before, length, true).map(part),
      keras,
      ...bordering(use, mode, after, length, false).map(part),
    ];
    const tensors = parts.map((own): Tensor => ({ ...result, keras: own }));
    result = use.layer("Concatenate", { axis: place }, tensors, order, {}, "_pad");
  }
  return { ...result, isPositive: tensor.isPositive };
}

/** The parts of an axis that come before it or after it. */
function bordering(use: NodeUse, mode: string, count: number, length: number, isBefore: boolean): readonly unknown[] {
  if (count === 0) return [];
  if (mode === "edge" && count <= mostCopies) {
    const copy = isBefore ? slice(0, 1, 1) : slice(length - 1, length, 1);
    return Array.from({ length: count }, () => copy);
  }
  if (mode === "reflect" && count < length) {
    const last = length - 2 - count;
    return [isBefore ? slice(count, 0, -1) : slice(length - 2, last < 0 ? null : last, -1)];
  }
  if (mode === "wrap" && count <= length) return [isBefore ? slice(length - count, length, 1) : slice(0, count, 1)];
  return use.refuse(`mode ${mode} by ${count} of ${length}`);
}
