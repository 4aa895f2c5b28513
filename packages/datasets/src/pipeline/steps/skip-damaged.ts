import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkFunction } from "../check.ts";
import { innermost, isDamage } from "../damage.ts";
import { ElementError } from "../element-error.ts";
import { type Elements, done } from "../elements.ts";

/** An element that was left out. */
export interface DamagedElement {
  /** Of its file, where it is known. */
  readonly path: string | undefined;
  readonly reason: string;
}

/** How `Dataset.skipDamaged` goes about it. */
export interface SkipDamagedOptions {
  /** Share of the elements that may be damaged; more are an error. Default: 0.05. */
  readonly maxDamagedShare?: number;
  /** Called for each damaged file once. */
  readonly onSkip?: (element: DamagedElement) => void;
}

const names: OptionNames<SkipDamagedOptions> = { maxDamagedShare: true, onSkip: true };
const step = "Dataset.skipDamaged";

export function skipDamagedElements<T>(upstream: Elements<T>, options: SkipDamagedOptions): Elements<T> {
  checkOptions(step, options, names);
  const { maxDamagedShare = 0.05, onSkip } = options;
  if (!(typeof maxDamagedShare === "number" && maxDamagedShare >= 0 && maxDamagedShare <= 1)) {
    throw new InvalidConfigError(step, "maxDamagedShare", "in [0, 1]", maxDamagedShare);
  }
  if (onSkip !== undefined) checkFunction(step, "onSkip", onSkip);
  const reported = new Set<string>();
  return {
    name: `${upstream.name}.skipDamaged`,
    size: undefined,
    open(pass, state) {
      const run = upstream.open(pass, state);
      let whole = 0;
      let damaged = 0;
      const check = (size: number, last: string): void => {
        if (damaged <= maxDamagedShare * size) return;
        const expected = `at most ${maxDamagedShare * 100} % damaged (maxDamagedShare)`;
        throw new FormatError(step, `of ${size} elements`, expected, `${damaged}, the last one: ${last}`);
      };
      let last = "";
      const note = (error: unknown): void => {
        damaged++;
        const path = error instanceof ElementError ? error.path : undefined;
        const inner = innermost(error);
        const reason = inner instanceof Error ? inner.message : String(inner);
        last = path === undefined ? reason : `${path}: ${reason}`;
        if (!reported.has(last)) onSkip?.({ path, reason });
        reported.add(last);
      };
      return {
        async next() {
          for (;;) {
            const taken = await run.next().catch((error: unknown) => {
              if (!isDamage(error)) throw error;
              note(error);
              return undefined;
            });
            if (taken?.done === false) {
              whole++;
              return taken;
            }
            // Of how many, only the end tells where nobody knows the size.
            if (taken === undefined && upstream.size !== undefined) check(upstream.size, last);
            if (taken === undefined) continue;
            if (upstream.size === undefined) check(whole + damaged, last);
            return done;
          }
        },
        save: run.save,
        close: run.close,
      };
    },
  };
}
