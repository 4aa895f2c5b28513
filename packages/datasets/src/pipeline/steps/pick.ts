import type { IndexedElements } from "../elements.ts";
import { indexed } from "../indexed.ts";

/** The elements at some indices, in their order. */
export function pickElements<T>(
  name: string,
  upstream: IndexedElements<T>,
  size: number,
  indicesOf: (epoch: number) => Uint32Array,
): IndexedElements<T> {
  return indexed(`${upstream.name}.${name}`, size, upstream.concurrency, (index, pass) =>
    upstream.at(indicesOf(pass.epoch)[index] ?? 0, pass),
  );
}
