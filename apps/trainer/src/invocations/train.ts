import { train } from "../commands/train.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { exitCodeOf, runInterruptibly } from "../terminal/interruption.ts";
import { jsonTrainReport, textTrainReport } from "./train-report.ts";

/**
 * `featuremap train <preset>`
 *
 * Ctrl-C ends it after the current step, and what was learned is saved: exit code 0. SIGTERM and SIGHUP do the same, but
 * the code is theirs, 143 and 129. A second signal quits at once with its code; so does one before the first step, since
 * nothing was kept.
 */
export async function runTrain({ words, options, terminal }: Invocation<"train">): Promise<number> {
  const [preset = ""] = words;
  const { json, ...settings } = options;
  const report = json ? jsonTrainReport(terminal.output) : textTrainReport(terminal.output);
  return runInterruptibly(terminal, async ({ signal, uninterrupted, stoppedBy }) => {
    try {
      signal.addEventListener("abort", () => report.onStopping(stoppedBy() === "SIGINT"));
      report.onEnd(await train({ preset, ...settings, ...report, signal, uninterrupted }));
    } catch (error) {
      report.onFailure();
      throw error;
    }
    // Ctrl-C is a person's choice; whoever sends another signal may rely on the shells' number for it.
    const by = stoppedBy();
    return by === undefined || by === "SIGINT" ? exitCodes.success : exitCodeOf(by);
  });
}
