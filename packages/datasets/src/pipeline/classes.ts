import { InvalidConfigError } from "@featuremap/tensor";
import { checkFunction } from "./check.ts";
import { attemptElement } from "./element-error.ts";
import { type Elements, type IndexedElements, type Pass, isIndexed } from "./elements.ts";

/** What an element counts as: its label. */
export type ClassOf<T> = (element: T) => string | number | Promise<string | number>;

/** The pass of what is looked at once and for all. */
export const firstPass: Pass = { epoch: 0, signal: new AbortController().signal };

/** @throws {InvalidConfigError} the elements have no indices, or never end. */
export function requireIndices<T>(step: string, elements: Elements<T>): IndexedElements<T> {
  if (isIndexed(elements) && elements.size <= 0xffffffff) return elements;
  const expected = "elements with indices (before filter, prefetch and unbatch, not from an iterable), and an end";
  throw new InvalidConfigError(step, "dataset", expected, elements.name);
}

/** Indices by class; classes stand in the order of their first element. */
export async function indicesByClass<T>(
  step: string,
  elements: Elements<T>,
  classOf: ClassOf<T>,
): Promise<Map<string | number, number[]>> {
  checkFunction(step, "by", classOf);
  const classes = new Map<string | number, number[]>();
  const run = elements.open(firstPass, undefined);
  try {
    for (let index = 0; ; index++) {
      const taken = await run.next();
      if (taken.done) break;
      const name = await attemptElement(step, index, taken.value, () => classOf(taken.value));
      if (typeof name !== "string" && !(typeof name === "number" && Number.isFinite(name))) {
        throw new InvalidConfigError(step, `by(element ${index})`, "a string or a number", name);
      }
      const members = classes.get(name);
      if (members === undefined) classes.set(name, [index]);
      else members.push(index);
    }
  } finally {
    await run.close();
  }
  return classes;
}
