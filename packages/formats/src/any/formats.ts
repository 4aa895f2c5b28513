import type { Model } from "@featuremap/layers";
import type { ImportedModel } from "../imported-model.ts";
import { type ModelContent, readWeights } from "../model-files/model-content.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import type { FileLocation } from "../reading/open-bytes.ts";
import { encodeSafetensors } from "../safetensors/encode-safetensors.ts";
import type { ImportModelOptions, ModelFormat, WriteOptions } from "./format-options.ts";

/** A format: how its files are known, and what reads and writes them. */
export interface FormatEntry {
  readonly name: ModelFormat;
  /** How people call it. */
  readonly title: string;
  /** Whether a name to write to means it. */
  readonly isNamed?: (path: string) => boolean;
  readonly load?: (location: FileLocation | BundleFiles, options: ImportModelOptions) => Promise<ImportedModel>;
  /** What a file must end with, where the format's own program wants it so. */
  readonly ending?: string;
  /** The file, or the files of a folder. */
  readonly encode: (model: Model, options: WriteOptions) => Promise<Uint8Array | ModelContent>;
  /** What its files have a place for, besides the model. */
  readonly keeps: readonly ("labels" | "preprocessing" | "outputs" | "training")[];
}

/** Of a format whose files stand together, that no single file was given. */
type Folder = string | URL | BundleFiles;

/**
 * Every format. Each is loaded only when a file of it is opened or written.
 *
 * A new one is one entry here, and a line in `recognize` that knows its first bytes.
 */
export const formats: readonly FormatEntry[] = [
  {
    name: "keras",
    title: "a .keras file",
    isNamed: (path) => path.endsWith(".keras"),
    load: async (location, options) =>
      (await import("../keras/load-keras.ts")).loadKeras(location as FileLocation, options),
    ending: ".keras",
    encode: async (model, { training }) => (await import("../keras/encode-keras.ts")).encodeKeras(model, { training }),
    keeps: ["training"],
  },
  {
    name: "keras-weights",
    title: "a .weights.h5 file",
    isNamed: (path) => path.endsWith(".weights.h5"),
    ending: ".weights.h5",
    encode: async (model) => (await import("../keras/encode-keras.ts")).encodeKerasWeights(model),
    keeps: [],
  },
  {
    name: "onnx",
    title: "an ONNX file",
    isNamed: (path) => path.endsWith(".onnx"),
    load: async (location, { limits, signal }) =>
      (await import("../onnx/read/load-onnx.ts")).loadOnnx(location, { limits, signal }),
    encode: async (model, { labels, preprocessing }) =>
      (await import("../onnx/write/encode-onnx.ts")).encodeOnnx(model, { labels, preprocessing }),
    keeps: ["labels", "preprocessing"],
  },
  {
    name: "safetensors",
    title: "a safetensors file",
    isNamed: (path) => path.endsWith(".safetensors"),
    encode: async (model) => encodeSafetensors(await readWeights("exportModel", model)),
    keeps: [],
  },
  {
    name: "tfjs",
    title: "a layers-model of TensorFlow.js",
    isNamed: (path) => /(^|[^a-z])tfjs[\\/]*$/i.test(path),
    load: async (location, options) => (await import("../tfjs/load-tfjs.ts")).loadTfjs(location as Folder, options),
    encode: async (model, { labels, preprocessing, training, onNote }) => {
      const { tfjsContent } = await import("../tfjs/encode-tfjs.ts");
      return tfjsContent("exportModel", model, { labels, preprocessing, training, onNote });
    },
    keeps: ["labels", "preprocessing", "training"],
  },
  {
    name: "bundle",
    title: "a bundle",
    isNamed: (path) => !/\.[a-z][\w]*$/i.test(path),
    load: async (location, options) => (await import("./load-own.ts")).loadOwn(location as Folder, options),
    encode: async (model, options) => (await import("./encode-own.ts")).encodeOwn(model, options),
    keeps: ["labels", "preprocessing", "outputs"],
  },
];
