import { checkCount } from "../check.ts";
import { type Elements, done, isIndexed, partOf } from "../elements.ts";
import { indexed } from "../indexed.ts";

export function skipElements<T>(upstream: Elements<T>, count: number): Elements<T> {
  checkCount("Dataset.skip", "count", count, 0);
  const name = `${upstream.name}.skip(${count})`;
  if (isIndexed(upstream)) {
    return indexed(name, Math.max(0, upstream.size - count), upstream.concurrency, (index, pass) =>
      upstream.at(index + count, pass),
    );
  }
  return {
    name,
    size: upstream.size === undefined ? undefined : Math.max(0, upstream.size - count),
    open(pass, state) {
      let isPast = state === undefined ? false : partOf(state, "isPast") === true;
      const run = upstream.open(pass, state === undefined ? undefined : partOf(state, "from"));
      return {
        async next() {
          for (let left = isPast ? 0 : count; left > 0; left--) {
            if ((await run.next()).done) return done;
          }
          isPast = true;
          return run.next();
        },
        save: () => ({ isPast, from: run.save() }),
        close: run.close,
      };
    },
  };
}
