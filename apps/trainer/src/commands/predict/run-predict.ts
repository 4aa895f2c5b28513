import { resolve } from "node:path";
import { type BegunFile, beginFileWhole } from "@featuremap/files";
import { printable } from "@featuremap/tensor";
import { type PredictResult, type PredictSource, predict } from "./predict.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { type PictureWords, inputWord } from "./pictures/find-pictures.ts";
import { arrayPresetNames } from "../../data/presets/find-preset.ts";
import { formatCount } from "../../terminal/format.ts";
import { runInterruptibly } from "../../terminal/interruption.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { shownName } from "../../terminal/shown-name.ts";
import { type AnswerFormat, answerTexts, formatOfFile } from "./answer-format.ts";
import { namedModel } from "../named-model.ts";
import { predictProgress } from "./predict-progress.ts";

/** Files that are named of those that are skipped. */
const mostNamed = 3;

/**
 * `featuremap predict <bundle> <...images>`
 *
 * An image that cannot be classified has its line on standard error, and in JSON its object; the others are answered all
 * the same, and the exit code is 1. Where nobody reads the answers any more it ends.
 *
 * Signals end it at once; where a file is written, after the batch under way, and nothing is left of that file.
 */
export async function runPredict(invocation: Invocation<"predict">): Promise<number> {
  const { options, terminal, folder } = invocation;
  const { out } = options;
  if (out === undefined) return answer(invocation, undefined, undefined);
  return runInterruptibly(terminal, async ({ signal }) => {
    const file = await beginFileWhole(resolve(folder, out));
    try {
      return await answer(invocation, file, signal);
    } finally {
      await file.discard();
    }
  });
}

async function answer(
  { words, options, terminal, folder }: Invocation<"predict">,
  file: BegunFile | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { output, error } = terminal;
  const [named = "", ...images] = words;
  const { json, count, format: asked, out, null: isNullSeparated, ...settings } = options;
  const format = formatFor(json, asked, out);
  const where: PictureWords = { words: images, folder, input: terminal.input, isNullSeparated };
  checkInput(where);
  const { bundle } = await namedModel(named, { terminal, folder });
  const source = sourceOf(images, count, where);
  const texts = answerTexts(format, "dataset" in source);
  const bar = predictProgress(terminal, source, file !== undefined);
  const skipped: string[] = [];
  let unwritten = "";
  const write = (text: string): void => {
    if (file !== undefined) unwritten += text;
    else if (text !== "") {
      bar.clear();
      // What is not shown but kept must stay as it is.
      output.write(output.isTTY === true ? printable(text) : text);
    }
  };
  try {
    const result = await predict({
      bundle,
      source,
      ...settings,
      signal,
      isWanted: () => file !== undefined || output.isClosed !== true,
      onImage: (image) => write(texts.image(image)),
      onFailure(failure) {
        bar.clear();
        printLine(error, `featuremap: ${failure.error.message}`);
        write(texts.failure(failure));
      },
      onSkipped(name) {
        if (skipped.length < mostNamed) skipped.push(name);
        if (json) printJson(output, { event: "skipped", image: name });
      },
      async onBatch(counts) {
        bar.update(counts);
        await file?.write(unwritten);
        unwritten = "";
      },
    });
    write(texts.end());
    await file?.write(unwritten);
    await file?.finish();
    bar.clear();
    report(result, { format, skipped, out, json, terminal });
    return result.failed === 0 ? exitCodes.success : exitCodes.failure;
  } finally {
    bar.clear();
    if (images.includes(inputWord)) terminal.input?.destroy?.();
  }
}

/** @throws {UsageError} two forms are asked for. */
function formatFor(json: boolean, asked: AnswerFormat | undefined, out: string | undefined): AnswerFormat {
  if (json && asked !== undefined && asked !== "jsonl") {
    throw new UsageError(`predict: give --json or --format ${asked}, since standard output can have only one format.`);
  }
  return asked ?? (json ? "jsonl" : out === undefined ? "table" : formatOfFile(out));
}

/** @throws {UsageError} standard input is asked for twice, or not there. */
function checkInput({ words, input, isNullSeparated }: PictureWords): void {
  const count = words.filter((word) => word === inputWord).length;
  if (count > 1) throw new UsageError("predict: - means standard input, which can be read only once.");
  if (count === 1 && input === undefined)
    throw new UsageError("predict: there is no standard input to read names from.");
  if (count === 0 && isNullSeparated === true) {
    throw new UsageError("predict: --null says how names on standard input end; give - to read them.");
  }
}

/** A folder that is called as a data set is meant by `./name`. */
function sourceOf(images: readonly string[], count: number, where: PictureWords): PredictSource {
  const [first = ""] = images;
  return images.length === 1 && arrayPresetNames.includes(first) ? { dataset: first, count } : where;
}

function report(
  { device, ...counts }: PredictResult,
  told: {
    readonly format: AnswerFormat;
    readonly skipped: readonly string[];
    readonly out: string | undefined;
    readonly json: boolean;
    readonly terminal: Terminal;
  },
): void {
  const { format, skipped, out, json, terminal } = told;
  const { output, error } = terminal;
  const { images, failed, right } = counts;
  if (counts.skipped > 0) {
    const more = counts.skipped > skipped.length ? ` and ${formatCount(counts.skipped - skipped.length)} more` : "";
    const what =
      counts.skipped === 1
        ? "1 file that is not a picture"
        : `${formatCount(counts.skipped)} files that are not pictures`;
    const names = skipped.map((name) => shownName(name)).join(", ");
    printLine(error, `featuremap: Left out ${what}: ${names}${more}.`);
  }
  if (json || (format === "jsonl" && out === undefined)) {
    printJson(output, { event: "predict", ...counts, device, ...(out === undefined ? {} : { out }) });
    return;
  }
  if (out !== undefined) {
    const without = failed === 0 ? "" : `; ${formatCount(failed)} had none`;
    printLine(output, `Wrote ${formatCount(images)} answers to ${out}${without}`);
  }
  const isText = out !== undefined || format === "table";
  if (right !== undefined && isText) printLine(output, `${right} of ${images} right`);
}
