import { InvalidConfigError } from "@featuremap/tensor";
import {
  type Elements,
  type IndexedElements,
  type Pass,
  type Run,
  type State,
  countOf,
  done,
  isIndexed,
  partOf,
} from "../elements.ts";
import { indexed } from "../indexed.ts";

export function repeatElements<T>(upstream: Elements<T>, times: number): Elements<T> {
  if (!(times === Number.POSITIVE_INFINITY || (Number.isSafeInteger(times) && times >= 0))) {
    throw new InvalidConfigError("Dataset.repeat", "times", "an integer of at least 0, or Infinity", times);
  }
  const name = `${upstream.name}.repeat(${times})`;
  if (isIndexed(upstream) && upstream.size !== Number.POSITIVE_INFINITY) return repeatIndexed(name, upstream, times);
  const size = upstream.size === undefined ? undefined : product(upstream.size, times);
  return { name, size, open: (pass, state) => openRepeated(upstream, times, pass, state) };
}

function repeatIndexed<T>(name: string, upstream: IndexedElements<T>, times: number): IndexedElements<T> {
  const { size, concurrency } = upstream;
  return indexed(name, product(size, times), concurrency, (index, pass) =>
    upstream.at(index % size, roundOf(pass, times, Math.floor(index / size))),
  );
}

/** What is empty stays so. */
function product(size: number, times: number): number {
  return size === 0 || times === 0 ? 0 : size * times;
}

/** Every round is an epoch of its own to the steps before, also among the rounds of other epochs. */
function roundOf(pass: Pass, times: number, round: number): Pass {
  return { ...pass, epoch: times === Number.POSITIVE_INFINITY ? pass.epoch + round : pass.epoch * times + round };
}

function openRepeated<T>(upstream: Elements<T>, times: number, pass: Pass, state: State | undefined): Run<T> {
  let round = state === undefined ? 0 : countOf(partOf(state, "round"), times);
  let run: Run<T> | undefined;
  let isEmpty = state === undefined ? true : partOf(state, "isEmpty") === true;
  const from = state === undefined ? undefined : partOf(state, "from");
  const openRound = (place: State | undefined): Run<T> => upstream.open(roundOf(pass, times, round), place);
  if (round < times) run = openRound(from === null ? undefined : from);
  return {
    async next() {
      while (run !== undefined) {
        const taken = await run.next();
        if (!taken.done) {
          isEmpty = false;
          return taken;
        }
        await run.close();
        round++;
        run = undefined;
        // Rounds without elements would go on for ever.
        if (round < times && !(isEmpty && times === Number.POSITIVE_INFINITY)) run = openRound(undefined);
        isEmpty = true;
      }
      return done;
    },
    save: () => ({ round: Math.min(round, times), isEmpty, from: run?.save() ?? null }),
    async close() {
      const last = run;
      run = undefined;
      await last?.close();
    },
  };
}
