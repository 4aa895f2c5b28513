import type { Dataset } from "./dataset.ts";

export function range(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}

/** All elements of an epoch. */
export async function collect<T>(dataset: Dataset<T>, epoch = 0): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of dataset.iterate({ epoch })) elements.push(element);
  return elements;
}

/** Waits until all that is due has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
