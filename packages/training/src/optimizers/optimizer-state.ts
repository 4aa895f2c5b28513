import {
  type FixedShape,
  HostArray,
  InvalidConfigError,
  ShapeError,
  formatShape,
  shapesEqual,
} from "@featuremap/tensor";
import { type Variable, fill, tensor, tidy, variable } from "@tensorflow/tfjs-core";

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

/**
 * New slots of a weight, each filled with its first value.
 *
 * @param start the first value by the slot's name
 */
export function makeSlots<Name extends string>(
  names: readonly Name[],
  weight: Variable,
  start: (name: Name) => number,
): Readonly<Record<Name, Variable>> {
  const slots: [Name, Variable][] = [];
  try {
    for (const name of names) slots.push([name, tidy(() => variable(fill(weight.shape, start(name)), false))]);
  } catch (error) {
    // Without memory for all of them, those that are there would be nobody's.
    for (const [, made] of slots) made.dispose();
    throw error;
  }
  return Object.fromEntries(slots) as Record<Name, Variable>;
}

/**
 * Refuses saved slots that are not those of an optimizer and its variables.
 *
 * @param names of each variable's slots
 * @throws {ShapeError} saved values do not have a slot's shape.
 * @throws {InvalidConfigError} not all slots of each variable are there, or others are.
 */
export function checkSlots(
  owner: string,
  names: readonly string[],
  variables: ReadonlyMap<string, Variable>,
  saved: ReadonlyMap<string, HostArray>,
): void {
  const unknown = new Set(saved.keys());
  for (const [name, { shape }] of variables) {
    const own = names.map((slot) => `${name}/${slot}`);
    const lacking = own.filter((slot) => !saved.has(slot));
    // What no gradient has reached had no slots.
    if (lacking.length > 0 && lacking.length < own.length) {
      throw new InvalidConfigError(owner, "slots", own.join(", "), `all but ${lacking.join(", ")}`);
    }
    for (const slot of own) {
      checkShape(slot, saved.get(slot), shape);
      unknown.delete(slot);
    }
  }
  const [other] = unknown;
  if (other === undefined) return;
  throw new InvalidConfigError(owner, "slots", "those of this optimizer and its variables", other);
}

function checkShape(name: string, saved: HostArray | undefined, shape: FixedShape): void {
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
