import { type Invocation, exitCodes } from "../invocation.ts";
import { predict } from "../commands/predict.ts";
import type { PredictedImage } from "../pictures/classify-batch.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { namedModel } from "./named-model.ts";

const datasets: ReadonlySet<string> = new Set(["mnist"]);

/**
 * `featuremap predict <bundle> <...images>`
 *
 * An image that cannot be classified has its line on standard error, and in JSON its object; the others are answered all
 * the same, and the exit code is 1.
 *
 * Nothing listens for signals: there is nothing to save, and while a device computes on this thread no listener would be called.
 */
export async function runPredict({ words, options, terminal, folder }: Invocation<"predict">): Promise<number> {
  const { output, error } = terminal;
  const [named = "", ...images] = words;
  const { bundle } = await namedModel(named, { terminal, folder });
  const { json, count, ...settings } = options;
  const [first = ""] = images;
  const source = images.length === 1 && datasets.has(first) ? { dataset: first, count } : { files: images };
  const { device, ...counts } = await predict({
    bundle,
    source,
    ...settings,
    onImage: (image) => (json ? printJson(output, { event: "image", ...image }) : printLine(output, answerLine(image))),
    onFailure({ image, error: { code, message } }) {
      printLine(error, `featuremap: ${message}`);
      if (json) printJson(output, { event: "error", image, error: { code, message } });
    },
  });
  if (json) printJson(output, { event: "predict", ...counts, device });
  else if (counts.right !== undefined) printLine(output, `${counts.right} of ${counts.images} right`);
  return counts.failed === 0 ? exitCodes.success : exitCodes.failure;
}

function answerLine({ image, label, predictions, truth }: PredictedImage): string {
  const answers = predictions.map((answer) => `${answer.label} ${(answer.probability * 100).toFixed(1)}%`);
  const verdict = truth === undefined || label === truth ? "" : `  (it is ${truth})`;
  return `${image}: ${answers.join(", ")}${verdict}`;
}
