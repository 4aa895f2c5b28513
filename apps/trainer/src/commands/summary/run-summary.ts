import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { summary } from "./summary.ts";
import { formatMetric } from "../../terminal/format.ts";
import { printJson, printLine, printText } from "../../terminal/print.ts";
import { namedModel } from "../named-model.ts";

/** `featuremap summary <bundle>` */
export async function runSummary({ words, options, terminal, folder }: Invocation<"summary">): Promise<number> {
  const [named = ""] = words;
  const { output } = terminal;
  const { bundle } = await namedModel(named, { terminal, folder });
  const result = await summary({ bundle });
  if (options.json) {
    printJson(output, { event: "summary", ...result });
    return exitCodes.success;
  }
  const { text, labels, preprocessing, metrics } = result;
  const { size, channels, scale, orientation, channelOrder = channels } = preprocessing;
  const [height, width] = size;
  const factor = Number.isInteger(1 / scale) && scale !== 1 ? `1/${1 / scale}` : `${scale}`;
  printText(output, text.trimEnd());
  printLine(output, `Labels: ${labels.join(", ")}`);
  const turned = orientation === "stored" ? ", as files store it" : "";
  printLine(output, `Input: ${width} x ${height} pixels, ${channelOrder}, scaled by ${factor}${turned}`);
  const measured = Object.entries(metrics).map(([name, value]) => `${name} ${formatMetric(value)}`);
  if (measured.length > 0) printLine(output, `Metrics: ${measured.join(", ")}`);
  return exitCodes.success;
}
