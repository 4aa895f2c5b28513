import { printable } from "@featuremap/tensor";
import type { FailedImage, PredictedImage } from "./classify-batch.ts";

/** How answers are written. */
export type AnswerFormat = "table" | "csv" | "jsonl";

/** Answers as text, with the end of their line. */
export interface AnswerTexts {
  image(image: PredictedImage): string;
  /** Of what has no answer; empty where only standard error tells of it. */
  failure(failure: FailedImage): string;
  /** What belongs at the end. */
  end(): string;
}

/** By the ending of a file's name. */
export function formatOfFile(path: string): AnswerFormat {
  if (/\.csv$/i.test(path)) return "csv";
  return /\.(jsonl|ndjson|json)$/i.test(path) ? "jsonl" : "table";
}

/** Writes answers in a format. @param hasTruth whether the right labels are known */
export function answerTexts(format: AnswerFormat, hasTruth: boolean): AnswerTexts {
  if (format === "csv") return tableOfCells(hasTruth);
  const none = (): string => "";
  if (format === "table") return { image: (image) => line(answerLine(image)), failure: none, end: none };
  return {
    image: (image) => line(JSON.stringify({ event: "image", ...image })),
    failure: ({ image, error: { code, message } }) =>
      line(JSON.stringify({ event: "error", image, error: { code, message } })),
    end: none,
  };
}

/** One line, with what a terminal would obey written out. */
function line(text: string): string {
  return `${printable(text.replaceAll("\n", String.raw`\n`))}\n`;
}

function answerLine({ image, label, predictions, truth }: PredictedImage): string {
  const answers = predictions.map((answer) => `${answer.label} ${(answer.probability * 100).toFixed(1)}%`);
  const verdict = truth === undefined || label === truth ? "" : `  (it is ${truth})`;
  return `${image}: ${answers.join(", ")}${verdict}`;
}

/** CSV as RFC 4180 has it, but for lines that end as everywhere here; names stay as they are. */
function tableOfCells(hasTruth: boolean): AnswerTexts {
  let isBegun = false;
  const head = (answers: number): string => {
    if (isBegun) return "";
    isBegun = true;
    const columns = Array.from({ length: answers }, (_, index) => {
      const rank = index === 0 ? "" : `_${index + 1}`;
      return [`label${rank}`, `probability${rank}`];
    });
    return row(["image", ...columns.flat(), ...(hasTruth ? ["truth"] : [])]);
  };
  return {
    image({ image, predictions, truth }) {
      const answers = predictions.flatMap(({ label, probability }) => [label, String(rounded(probability))]);
      return head(predictions.length) + row([image, ...answers, ...(hasTruth ? [truth ?? ""] : [])]);
    },
    failure: () => "",
    end: () => head(1),
  };
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\n`;
}

/** In quotation marks where it would else be several cells, or lose spaces at its ends. */
function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Six digits tell all that a float32 probability holds of use, tiny ones with their magnitude. */
function rounded(probability: number): number {
  return Number(probability.toPrecision(6));
}
