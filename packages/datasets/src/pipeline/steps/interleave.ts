import { checkOptions, type OptionNames } from "@featuremap/tensor";
import { checkCount } from "../check.ts";
import { type Elements, type Run, type State, countOf, done, listOf, partOf } from "../elements.ts";

/** How `Dataset.interleave` works. */
export interface InterleaveOptions {
  /** Elements of one dataset that come one after the other. Default: 1. */
  readonly blockLength?: number;
  /** Datasets that are open at once; where one ends, the next takes its place. Default: all. */
  readonly cycleLength?: number;
}

const names: OptionNames<InterleaveOptions> = { blockLength: true, cycleLength: true };
const step = "Dataset.interleave";

/** A dataset whose turn comes round. */
interface Open<T> {
  readonly part: number;
  readonly run: Run<T>;
}

/** tf.data's interleave, with the datasets given instead of made. */
export function interleaveElements<T>(parts: readonly Elements<T>[], options: InterleaveOptions): Elements<T> {
  checkOptions(step, options, names);
  const { blockLength = 1, cycleLength = Math.max(1, parts.length) } = options;
  checkCount(step, "blockLength", blockLength, 1);
  checkCount(step, "cycleLength", cycleLength, 1);
  const slots = Math.min(cycleLength, parts.length);
  return {
    name: `interleave(${parts.map((part) => part.name).join(", ")}; ${cycleLength}, ${blockLength})`,
    size: parts.reduce<number | undefined>(
      (sum, part) => (sum === undefined || part.size === undefined ? undefined : sum + part.size),
      0,
    ),
    open(pass, state) {
      const openPart = (part: number, from?: State): Open<T> | undefined => {
        const elements = parts[part];
        return elements === undefined ? undefined : { part, run: elements.open(pass, from) };
      };
      let [slot, inBlock, next] = [0, 0, slots];
      let cycle: (Open<T> | undefined)[];
      if (state === undefined) {
        cycle = Array.from({ length: slots }, (_, part) => openPart(part));
      } else {
        [slot = 0, inBlock = 0, next = 0] = ["slot", "inBlock", "next"].map((name) => countOf(partOf(state, name)));
        cycle = listOf(partOf(state, "cycle"), slots).map((saved) =>
          saved === null
            ? undefined
            : openPart(countOf(partOf(saved, "part"), parts.length - 1), partOf(saved, "from")),
        );
      }
      const turn = (): void => {
        slot = (slot + 1) % slots;
        inBlock = 0;
      };
      return {
        async next() {
          while (cycle.some((open) => open !== undefined)) {
            const open = cycle[slot];
            const result = await open?.run.next();
            if (result !== undefined && !result.done) {
              inBlock++;
              if (inBlock >= blockLength) turn();
              return result;
            }
            if (open !== undefined) {
              await open.run.close();
              cycle[slot] = openPart(next++);
            }
            turn();
          }
          return done;
        },
        save: () => ({
          slot,
          inBlock,
          next,
          cycle: cycle.map((open) => (open === undefined ? null : { part: open.part, from: open.run.save() })),
        }),
        async close() {
          const open = cycle;
          // It can still be saved: a step after it that has enough closes it.
          cycle = open.map(() => undefined);
          await Promise.all(open.map(async (each) => each?.run.close()));
        },
      };
    },
  };
}
