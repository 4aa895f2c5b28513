import type { Preprocessing } from "@featuremap/images";
import type { OutputMeaning } from "@featuremap/layers";
import type { KerasTraining } from "../imported-model.ts";
import type { ModelFileLimits } from "../model-files/file-limits.ts";
import type { LoadingOptions } from "../model-files/read-model-files.ts";
import type { BundleFiles } from "../reading/model-reader.ts";

/** How to load a model of any format. */
export interface ImportModelOptions extends LoadingOptions {
  /** How much the files may ask for. */
  readonly limits?: ModelFileLimits | undefined;
}

/** Formats of whole models. */
export type ModelFormat = "bundle" | "keras" | "tfjs" | "onnx" | "keras-weights" | "safetensors";

/** What to write beside a model, and in which format. */
export interface ExportModelOptions {
  /** The format. Default: by the name to write to. */
  readonly format?: ModelFormat | undefined;
  /** Name of each class, in the order of the model's outputs. */
  readonly labels?: readonly string[] | undefined;
  /** How a picture becomes the model's input. */
  readonly preprocessing?: Preprocessing | undefined;
  /** How outputs become probabilities, where the graph does not tell; kept in a bundle. */
  readonly outputs?: OutputMeaning | undefined;
  /** How the model was compiled and how far its optimizer came. */
  readonly training?: KerasTraining | undefined;
  /** Hears what is written as an equivalent or left out, one sentence each. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  /** Stops before the files take their place. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of the file, or of a folder's files by name, as `importModel` takes them; where it throws, nothing is written. */
  readonly check?: ((encoded: Uint8Array | BundleFiles) => void | Promise<void>) | undefined;
}

/** What writing one format needs to be told; what a format has no place for is told as a note. */
export type WriteOptions = Omit<ExportModelOptions, "format" | "signal" | "check">;
