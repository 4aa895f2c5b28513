import { evaluate } from "../commands/evaluate.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { formatCount, formatMetric } from "../terminal/format.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { createProgressLine } from "../terminal/progress-line.ts";
import { deviceLine } from "./device-line.ts";
import { namedModel } from "./named-model.ts";
import { progressState } from "./progress-state.ts";

/** `featuremap evaluate <bundle> <dataset>`; a signal ends it at once, as it does `predict`. */
export async function runEvaluate({ words, options, terminal, folder }: Invocation<"evaluate">): Promise<number> {
  const [named = "", dataset = ""] = words;
  const { bundle } = await namedModel(named, { terminal, folder });
  const { output } = terminal;
  const { json, ...settings } = options;
  const line = createProgressLine(output);
  const result = await evaluate({
    bundle,
    dataset,
    ...settings,
    onProgress(progress) {
      if (json) printJson(output, { event: "progress", ...progress });
      else line.update(progressState("Testing", progress));
    },
  }).finally(() => line.clear());
  const { images, loss, accuracy, device } = result;
  if (json) printJson(output, { event: "end", ...result });
  else {
    printLine(output, deviceLine(device));
    printLine(
      output,
      `Test accuracy ${formatMetric(accuracy)} (loss ${formatMetric(loss)}) on ${formatCount(images)} images`,
    );
  }
  return exitCodes.success;
}
