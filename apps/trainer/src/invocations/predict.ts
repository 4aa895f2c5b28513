import { type Invocation, exitCodes } from "../invocation.ts";
import { type PredictedImage, predict } from "../commands/predict.ts";
import { listenForInterruption } from "../terminal/interruption.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { readDevice } from "./device-options.ts";

const datasets: ReadonlySet<string> = new Set(["mnist"]);
const defaultCount = 10;

/** `featuremap predict <bundle> <...images>` */
export async function runPredict({ words, options, terminal }: Invocation): Promise<number> {
  const [bundle = "", ...images] = words;
  const json = options.flag("json");
  const top = options.integer("top", 1);
  const count = options.integer("count", 1) ?? defaultCount;
  const where = readDevice(options);
  const [first = ""] = images;
  const source = images.length === 1 && datasets.has(first) ? { dataset: first, count } : { files: images };
  const interruption = listenForInterruption(terminal);
  try {
    const result = await predict({
      bundle,
      source,
      top,
      ...where,
      signal: interruption.signal,
      onImage: (image) => (json ? printJson(terminal.output, { event: "image", ...image }) : printImage(image)),
    });
    const known = result.images.filter(({ truth }) => truth !== undefined);
    const right = known.filter(({ label, truth }) => label === truth).length;
    const counts = { images: result.images.length, ...(known.length === 0 ? {} : { right }) };
    if (json) printJson(terminal.output, { event: "predict", ...counts, device: result.device });
    else if (known.length > 0) printLine(terminal.output, `${right} of ${known.length} right`);
    return exitCodes.success;
  } finally {
    interruption.stopListening();
  }

  function printImage({ image, predictions, truth }: PredictedImage): void {
    const answers = predictions.map(({ label, probability }) => `${label} ${(probability * 100).toFixed(1)}%`);
    const verdict = truth === undefined || predictions[0]?.label === truth ? "" : `  (it is ${truth})`;
    printLine(terminal.output, `${image}: ${answers.join(", ")}${verdict}`);
  }
}
