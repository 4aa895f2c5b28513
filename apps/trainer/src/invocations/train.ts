import { train } from "../commands/train.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { exitCodeOf, runInterruptibly } from "../terminal/interruption.ts";
import { readDevice } from "./device-options.ts";
import { jsonTrainReport, textTrainReport } from "./train-report.ts";

const largestSeed = 0xffffffff;

/**
 * `featuremap train <preset>`
 *
 * Ctrl-C ends it after the current step, and what was learned is saved: exit code 0. SIGTERM and SIGHUP do the same, but
 * the code is theirs, 143 and 129. A second signal quits at once with its code; so does one before the first step, since
 * nothing was kept.
 */
export async function runTrain({ words, options, terminal }: Invocation): Promise<number> {
  const [preset = ""] = words;
  const report = options.flag("json") ? jsonTrainReport(terminal.output) : textTrainReport(terminal.output);
  const settings = {
    epochs: options.integer("epochs", 1),
    batchSize: options.integer("batch-size", 1),
    learningRate: options.positive("learning-rate"),
    seed: options.integer("seed", 0, largestSeed),
    limit: options.integer("limit", 1),
    out: options.text("out"),
    ...readDevice(options),
  };
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
