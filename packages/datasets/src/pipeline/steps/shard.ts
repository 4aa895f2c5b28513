import { InvalidConfigError } from "@featuremap/tensor";
import { checkCount } from "../check.ts";
import { type Elements, done, isIndexed } from "../elements.ts";
import { indexed } from "../indexed.ts";
import { openNumbered } from "../numbered.ts";

export function shardElements<T>(upstream: Elements<T>, rank: number, ranks: number): Elements<T> {
  checkCount("Dataset.shard", "ranks", ranks, 1);
  if (!(Number.isInteger(rank) && rank >= 0 && rank < ranks)) {
    throw new InvalidConfigError("Dataset.shard", "rank", `an integer in [0, ${ranks})`, rank);
  }
  const name = `${upstream.name}.shard(${rank}, ${ranks})`;
  const size = upstream.size === undefined ? undefined : Math.max(0, Math.ceil((upstream.size - rank) / ranks));
  if (isIndexed(upstream) && size !== undefined) {
    return indexed(name, size, upstream.concurrency, (index, pass) => upstream.at(index * ranks + rank, pass));
  }
  return {
    name,
    size,
    open(pass, state) {
      const run = openNumbered(upstream, pass, state);
      return {
        async next() {
          for (;;) {
            const taken = await run.next();
            if (taken.done) return done;
            if (taken.value.index % ranks === rank) return { done: false, value: taken.value.element };
          }
        },
        save: run.save,
        close: run.close,
      };
    },
  };
}
