import { basename } from "node:path";
import { NoLabelsError } from "@featuremap/formats";
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

function shownPlace(location: string): string {
  return isAddress(location) ? location : shownPath(location);
}

/** Whether a file's name says that it holds weights, and no network. */
export function holdsWeightsAlone(location: string): boolean {
  return /\.(weights\.(h5|json)|safetensors|npz)$/.test(location);
}

/** What to throw where such a file was read as a model. */
export function weightsAlone(location: string, cause: unknown): UnavailableError {
  const remedy = /\.weights\.\w+$/.test(location)
    ? "Build its network with featuremap train --model NAME --weights FILE, or convert the whole model."
    : "Give the whole model.";
  return new UnavailableError(`${shownPlace(location)} holds weights alone`, remedy, { cause });
}

/**
 * What to throw where a model was read as a bundle, and is none: if it is of another format, or lacks what a bundle has, how
 * `featuremap convert` makes one of it.
 *
 * @param error the reader's
 */
export async function explainFormat(location: string, error: unknown): Promise<unknown> {
  if (!(error instanceof FormatError)) return error;
  const shown = shownPlace(location);
  const options = "--labels NAMES --preprocessing KIND";
  const convert = `featuremap convert ${shellWord(shown)} OUT`;
  if (holdsWeightsAlone(location)) return weightsAlone(location, error);
  if (error instanceof NoLabelsError) {
    const remedy = `${convert} ${options} makes a bundle of it.`;
    return new UnavailableError(`${shown} names no classes`, remedy, { cause: error });
  }
  try {
    const { modelFormat } = await import("@featuremap/formats/any");
    const title = titles[await modelFormat(location)];
    if (title !== undefined) {
      const remedy = `${convert} makes a bundle of it (with ${options}, unless the file tells them).`;
      return new UnavailableError(`${shown} is ${title}`, remedy, { cause: error });
    }
    return error;
  } catch (other) {
    // What is wrong with a document of ours its own reader says best.
    return other instanceof FormatError && basename(other.source) !== "model.json" ? other : error;
  }
}
