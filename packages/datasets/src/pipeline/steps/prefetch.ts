import { checkCount } from "../check.ts";
import type { Elements } from "../elements.ts";
import { ReadAhead } from "../work.ts";

export function prefetchElements<T>(upstream: Elements<T>, count: number): Elements<T> {
  checkCount("Dataset.prefetch", "count", count, 0);
  if (count === 0) return upstream;
  return {
    // It changes no element: a position holds with another count, and without.
    name: upstream.name,
    size: upstream.size,
    open: (pass, state) => new ReadAhead(upstream.open(pass, state), count, (element) => element),
  };
}
