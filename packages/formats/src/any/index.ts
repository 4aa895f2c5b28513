export type { ImportedModel, KerasTraining } from "../imported-model.ts";
export type { ModelFileLimits } from "../model-files/file-limits.ts";
export type { LoadProgress } from "../model-files/read-model-files.ts";
export type { BundleFiles } from "../reading/model-reader.ts";
export { exportModel } from "./export-model.ts";
export type { ExportModelOptions, ImportModelOptions, ModelFormat } from "./format-options.ts";
export { type AnyModel, type ModelLocation, importModel, modelFormat } from "./import-model.ts";
