import { train } from "./train.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { exitCodeOf, runInterruptibly } from "../../terminal/interruption.ts";
import { jsonTrainReport, textTrainReport } from "./train-report.ts";

/**
 * `featuremap train <data>`
 *
 * Ctrl-C, SIGTERM and SIGHUP end it after the current step, and what was learned is saved; the exit code is the signal's:
 * 130, 143 and 129. A second signal quits at once.
 */
export async function runTrain({ words, options, version, terminal }: Invocation<"train">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const report = json ? jsonTrainReport(terminal.output) : textTrainReport(terminal.output);
  return runInterruptibly(terminal, async ({ signal, uninterrupted, stoppedBy }) => {
    try {
      signal.addEventListener("abort", () => report.onStopping(stoppedBy() === "SIGINT"));
      report.onEnd(await train({ ...settings, ...report, data, version, signal, uninterrupted }));
    } catch (error) {
      report.onFailure();
      throw error;
    }
    const by = stoppedBy();
    return by === undefined ? exitCodes.success : exitCodeOf(by);
  });
}
