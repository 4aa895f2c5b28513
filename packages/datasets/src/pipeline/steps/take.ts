import { checkCount } from "../check.ts";
import { type Elements, countOf, done, isIndexed, partOf } from "../elements.ts";
import { indexed } from "../indexed.ts";

export function takeElements<T>(upstream: Elements<T>, count: number): Elements<T> {
  checkCount("Dataset.take", "count", count, 0);
  const name = `${upstream.name}.take(${count})`;
  if (isIndexed(upstream)) {
    return indexed(name, Math.min(count, upstream.size), upstream.concurrency, upstream.at);
  }
  return {
    name,
    size: upstream.size === undefined ? (count === 0 ? 0 : undefined) : Math.min(count, upstream.size),
    open(pass, state) {
      let taken = state === undefined ? 0 : countOf(partOf(state, "taken"), count);
      const run = upstream.open(pass, state === undefined ? undefined : partOf(state, "from"));
      return {
        async next() {
          if (taken === count) {
            await run.close();
            return done;
          }
          const result = await run.next();
          if (!result.done) taken++;
          return result;
        },
        save: () => ({ taken, from: run.save() }),
        close: run.close,
      };
    },
  };
}
