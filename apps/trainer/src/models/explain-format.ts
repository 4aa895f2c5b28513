import { basename } from "node:path";
import type { ModelFormat } from "@featuremap/formats/any";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import { shellWord } from "../terminal/shell-word.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { isAddress } from "./find-model.ts";

/** What people call models that are no bundles. */
const titles: Readonly<Partial<Record<ModelFormat, string>>> = {
  keras: "a Keras file",
  onnx: "an ONNX file",
  tfjs: "a model of TensorFlow.js",
};

/** What the reader of bundles says of a model that was saved without labels. */
const lacksLabels = /: labels must be [^:]*, found nothing/;

/**
 * What to throw where a model was read as a bundle, and is none: if it is of another format, or lacks what a bundle has, how
 * `featuremap convert` makes one of it.
 *
 * @param error the reader's
 */
export async function explainFormat(location: string, error: unknown): Promise<unknown> {
  if (!(error instanceof FormatError)) return error;
  const { modelFormat } = await import("@featuremap/formats/any");
  const shown = isAddress(location) ? location : shownPath(location);
  const options = "--labels NAMES --preprocessing KIND";
  const convert = `featuremap convert ${shellWord(shown)} OUT`;
  if (location.endsWith(".weights.h5")) {
    const remedy = "Build its network with featuremap train --model NAME --weights FILE, or convert the whole model.";
    return new UnavailableError(`${shown} holds weights alone`, remedy, { cause: error });
  }
  try {
    const format = await modelFormat(location);
    const title = titles[format];
    if (title !== undefined) {
      const remedy = `${convert} makes a bundle of it (with ${options}, unless the file tells them).`;
      return new UnavailableError(`${shown} is ${title}`, remedy, { cause: error });
    }
    if (!lacksLabels.test(error.message)) return error;
    return new UnavailableError(`${shown} names no classes`, `${convert} ${options} makes a bundle of it.`, {
      cause: error,
    });
  } catch (other) {
    // What is wrong with a document of ours its own reader says best.
    return other instanceof FormatError && basename(other.source) !== "model.json" ? other : error;
  }
}
