import { sweep } from "./sweep.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { exitCodeOf, runInterruptibly } from "../../terminal/interruption.ts";
import { jsonSweepReport, textSweepReport } from "./sweep-report.ts";

/**
 * `featuremap sweep <data>`
 *
 * A trial that fails is a row of the table; only where all do is the exit code 1. Ctrl-C, SIGTERM and SIGHUP end it after
 * the current step, with the signal's exit code, and it can be gone on with.
 */
export async function runSweep({ words, options, version, terminal }: Invocation<"sweep">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const report = json ? jsonSweepReport(terminal.output) : textSweepReport(terminal.output);
  return runInterruptibly(terminal, async ({ signal, uninterrupted, stoppedBy }) => {
    try {
      signal.addEventListener("abort", () => report.onStopping(stoppedBy() === "SIGINT"));
      const result = await sweep({ ...settings, ...report, data, version, signal, uninterrupted });
      report.onEnd(result);
      const by = stoppedBy();
      if (by !== undefined) return exitCodeOf(by);
      return result.trials.every(({ state }) => state === "failed") ? exitCodes.failure : exitCodes.success;
    } catch (error) {
      report.onFailure();
      throw error;
    }
  });
}
