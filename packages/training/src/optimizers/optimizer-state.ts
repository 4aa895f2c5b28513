import { type FixedShape, HostArray, ShapeError, formatShape, shapesEqual } from "@featuremap/tensor";
import { type Variable, fill, tensor, tidy } from "@tensorflow/tfjs-core";

/** What an optimizer has learned while it trained, in the host's memory. */
export interface OptimizerState {
  /** Batches seen so far. */
  readonly batches: number;
  /** `<weight>/<slot>` to the slot's values. */
  readonly slots: ReadonlyMap<string, HostArray>;
  /** Absent where a schedule decides. */
  readonly learningRate?: number;
  /** Whether the weights are their moving means, and the slots `average` what is trained. Default: false. */
  readonly holdsMeans?: boolean;
}

/** A copy of a slot's values. */
export async function readSlot(slot: Variable): Promise<HostArray<Float32Array>> {
  return new HostArray(Float32Array.from(await slot.data<"float32">()), slot.shape);
}

/** @throws {ShapeError} saved values do not have a slot's shape. */
export function checkSlot(name: string, saved: HostArray | undefined, shape: FixedShape): void {
  if (saved === undefined || shapesEqual(saved.shape, shape)) return;
  throw new ShapeError("Optimizer", name, formatShape(shape), formatShape(saved.shape));
}

/** Gives a slot saved values, or its first ones where none were saved. */
export function assignSlot(slot: Variable, saved: HostArray | undefined, start: number): void {
  tidy(() => {
    slot.assign(
      saved === undefined ? fill(slot.shape, start) : tensor(Float32Array.from(saved.data), slot.shape, "float32"),
    );
  });
}

/** Each takes the other's values; none is copied. */
export function swapValues(one: Variable, other: Variable): void {
  const kept = one.clone();
  one.assign(other);
  other.assign(kept);
  kept.dispose();
}
