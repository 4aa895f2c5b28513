import type { Slot } from "./slots.ts";

/** Which of an optimizer's variables is a weight's slot. */
export type FindSlot = (weight: string, slot: Slot) => string | undefined;

/** Parts of a name that are looked at, from its end. */
const mostParts = 12;

/**
 * Finds slots by the names that Keras 2 gave them: `Adam/m/dense/kernel:0` from 2.11 on, and before
 * `Adam/dense/kernel/m:0` or `training/Adam/dense/kernel/m:0`.
 *
 * @param names of all variables, as in the file
 */
export function keras2Slots(names: readonly string[]): FindSlot {
  const whole = new Map(names.map((name) => [withoutNumber(name), name]));
  const byEnd = new Map<string, string | undefined>();
  for (const [plain, name] of whole) {
    const parts = plain.split("/").slice(-mostParts);
    for (const from of parts.keys()) {
      const end = parts.slice(from).join("/");
      // An end of two names tells neither.
      byEnd.set(end, byEnd.has(end) ? undefined : name);
    }
  }
  const count = names.map(withoutNumber).find(isCount) ?? "";
  const scope = count.includes("/") ? count.slice(0, count.lastIndexOf("/") + 1) : "";
  return (weight, { keras2, former }) => {
    const plain = withoutNumber(weight);
    const ends = [`${keras2}/${plain}`, `${plain}/${former}`];
    const exact = ends.map((end) => whole.get(scope + end)).find((name) => name !== undefined);
    return exact ?? ends.map((end) => byEnd.get(end)).find((name) => name !== undefined);
  };
}

/** Whether a variable of Keras 2 counts the batches. */
export function isCount(name: string): boolean {
  return /(^|\/)iter(ations?)?$/.test(withoutNumber(name));
}

/** TensorFlow numbers the outputs of what makes a variable. */
function withoutNumber(name: string): string {
  return name.replace(/:\d+$/, "");
}

/**
 * Finds slots by the names that TensorFlow.js gives them: `dense/kernel/m`. Where a page has made such a model twice, the weights of
 * the second are variables of other names than in the file: `dense/kernel_1/m`.
 */
export function tfjsSlots(names: readonly string[]): FindSlot {
  const whole = new Set(names);
  const unnumbered = new Map<string, string | undefined>();
  for (const name of names) {
    const plain = name.replace(/_\d+(?=\/[^/]*$)/, "");
    if (plain !== name) unnumbered.set(plain, unnumbered.has(plain) ? undefined : name);
  }
  return (weight, { former }) => {
    const name = `${weight}/${former}`;
    return whole.has(name) ? name : unnumbered.get(name);
  };
}
