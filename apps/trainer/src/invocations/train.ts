import { train } from "../commands/train.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { listenForInterruption } from "../terminal/interruption.ts";
import { readDevice } from "./device-options.ts";
import { jsonTrainReport, textTrainReport } from "./train-report.ts";

const largestSeed = 0xffffffff;

/**
 * `featuremap train <preset>`
 *
 * Ctrl-C ends it after the current step, and what was learned is saved: exit code 0. A second Ctrl-C quits at once with
 * 130; so does a stop before the first step, since nothing was kept.
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
  const interruption = listenForInterruption(terminal);
  try {
    const { signal, uninterrupted } = interruption;
    signal.addEventListener("abort", () => report.onStopping());
    report.onEnd(await train({ preset, ...settings, ...report, signal, uninterrupted }));
    return exitCodes.success;
  } catch (error) {
    report.onFailure();
    throw error;
  } finally {
    interruption.stopListening();
  }
}
