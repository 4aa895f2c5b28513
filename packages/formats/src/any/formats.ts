import type { Model } from "@featuremap/layers";
import type { ImportedModel } from "../imported-model.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import type { FileLocation } from "../reading/open-bytes.ts";
import type { ImportModelOptions, ModelFormat, WriteOptions } from "./format-options.ts";

/** A format: how its files are known, and what reads and writes them. */
export interface FormatEntry {
  readonly name: ModelFormat;
  /** How people call it. */
  readonly title: string;
  /** Whether a name to write to means it. */
  readonly isNamed?: (path: string) => boolean;
  readonly load?: (location: FileLocation | BundleFiles, options: ImportModelOptions) => Promise<ImportedModel>;
  readonly save?: (model: Model, path: string, options: WriteOptions) => Promise<void>;
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
    save: async (model, path, { training }) =>
      (await import("../keras/encode-keras.ts")).saveKeras(model, path, { training }),
    keeps: ["training"],
  },
  {
    name: "keras-weights",
    title: "a .weights.h5 file",
    isNamed: (path) => path.endsWith(".weights.h5"),
    save: async (model, path) => (await import("../keras/encode-keras.ts")).saveKerasWeights(model, path),
    keeps: [],
  },
  {
    name: "onnx",
    title: "an ONNX file",
    isNamed: (path) => path.endsWith(".onnx"),
    load: async (location, { limits, signal }) =>
      (await import("../onnx/read/load-onnx.ts")).loadOnnx(location, { limits, signal }),
    save: async (model, path, { labels, preprocessing }) =>
      (await import("../onnx/write/encode-onnx.ts")).saveOnnx(model, path, { labels, preprocessing }),
    keeps: ["labels", "preprocessing"],
  },
  {
    name: "safetensors",
    title: "a safetensors file",
    isNamed: (path) => path.endsWith(".safetensors"),
    save: async (model, path) => (await import("../model-files/save-weights.ts")).saveWeights(model, path),
    keeps: [],
  },
  {
    name: "tfjs",
    title: "a layers-model of TensorFlow.js",
    isNamed: (path) => /(^|[^a-z])tfjs([\\/]|$)/i.test(path),
    load: async (location, options) => (await import("../tfjs/load-tfjs.ts")).loadTfjs(location as Folder, options),
    save: async (model, path, { labels, preprocessing, training, onNote }) =>
      (await import("../tfjs/encode-tfjs.ts")).saveTfjs(model, path, { labels, preprocessing, training, onNote }),
    keeps: ["labels", "preprocessing", "training"],
  },
  {
    name: "bundle",
    title: "a bundle",
    isNamed: (path) => !/\.[a-z][\w]*$/i.test(path),
    load: async (location, options) => (await import("./load-own.ts")).loadOwn(location as Folder, options),
    save: async (model, path, options) => (await import("./save-own.ts")).saveOwn(model, path, options),
    keeps: ["labels", "preprocessing", "outputs"],
  },
];
