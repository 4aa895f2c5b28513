import type { ModelFormat } from "@featuremap/formats/any";
import type { Invocation } from "../invocation.ts";
import { UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { formatCount, formatCounted } from "../../terminal/format.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import { namedModel } from "../named-model.ts";
import { type ConvertResult, type ConvertStep, convert } from "./convert.ts";
import type { Difference } from "./verify.ts";

/** What people call the formats. */
const titles: Readonly<Record<ModelFormat, string>> = {
  bundle: "a model of this program",
  keras: "a file of Keras",
  "keras-weights": "weights for Keras",
  onnx: "an ONNX file",
  safetensors: "weights as safetensors",
  tfjs: "a layers-model of TensorFlow.js",
};

/** Formats that hold weights alone, and so cannot be loaded again without the network. */
const weightsAlone: ReadonlySet<ModelFormat> = new Set(["keras-weights", "safetensors"]);

/** `featuremap convert <model> <target>` */
export async function runConvert(invocation: Invocation<"convert">): Promise<number> {
  const { words, options } = invocation;
  const [, target = ""] = words;
  const isWeights =
    options.to === undefined ? /\.(safetensors|weights\.h5)$/.test(target) : weightsAlone.has(options.to);
  if (options.verify !== undefined && isWeights) {
    throw new UsageError("convert: --verify needs a target that holds the whole model, not weights alone.");
  }
  return runInterruptibly(invocation.terminal, ({ signal }) => write(invocation, target, signal));
}

async function write(
  { words, options, terminal, folder }: Invocation<"convert">,
  target: string,
  signal: AbortSignal,
): Promise<number> {
  const [named = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const { bundle } = await namedModel(named, { terminal, folder });
  const line = createProgressLine(output);
  const result = await convert({
    model: bundle,
    target,
    signal,
    ...settings,
    onStep(step) {
      if (!json) line.update(progressOf(step));
    },
  }).finally(() => line.clear());
  if (json) printJson(output, { event: "convert", ...result });
  else for (const text of resultLines(result, target)) printLine(output, text);
  return exitCodes.success;
}

function progressOf({ heading, done, total }: ConvertStep) {
  return { heading, done, total, details: done === 0 ? "" : formatCount(done) };
}

function resultLines({ from, to, parameters, notes, lacks, difference }: ConvertResult, target: string): string[] {
  const missing = lacks.map((part) => `--${part}`).join(" and ");
  return [
    `Wrote ${titles[to]} to ${target}, from ${titles[from]} (${formatCount(parameters)} weights)`,
    ...notes.map((note) => `Note: ${note}`),
    ...(to === "bundle" && missing !== "" ? [`To make it one: ${missing}`] : []),
    ...(difference === undefined ? [] : [differenceLine(difference.random, "random input")]),
    ...(difference?.pictures === undefined ? [] : [differenceLine(difference.pictures, "picture")]),
  ];
}

function differenceLine({ inputs, largest, scale }: Difference, what: string): string {
  return `Largest difference on ${formatCounted(inputs, what)}: ${largest.toPrecision(2)}, of answers up to ${scale.toPrecision(2)}`;
}
