import { type Invocation, exitCodes } from "../invocation.ts";
import { evaluate } from "../commands/evaluate.ts";
import { formatCount, formatMetric } from "../terminal/format.ts";
import { listenForInterruption } from "../terminal/interruption.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { readDevice } from "./device-options.ts";

/** `featuremap evaluate <bundle> <dataset>` */
export async function runEvaluate({ words, options, terminal }: Invocation): Promise<number> {
  const [bundle = "", dataset = ""] = words;
  const json = options.flag("json");
  const batchSize = options.integer("batch-size", 1);
  const limit = options.integer("limit", 1);
  const where = readDevice(options);
  const interruption = listenForInterruption(terminal);
  try {
    const result = await evaluate({
      bundle,
      dataset,
      ...where,
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(limit === undefined ? {} : { limit }),
      signal: interruption.signal,
    });
    const { images, loss, accuracy, device } = result;
    if (json) printJson(terminal.output, { event: "evaluate", ...result });
    else {
      printLine(terminal.output, `On ${device.name}: ${device.description}`);
      printLine(
        terminal.output,
        `Test accuracy ${formatMetric(accuracy)} (loss ${formatMetric(loss)}) on ${formatCount(images)} images`,
      );
    }
    return exitCodes.success;
  } finally {
    interruption.stopListening();
  }
}
