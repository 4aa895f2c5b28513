export type { ImportedModel, KerasTraining } from "../imported-model.ts";
export type { ModelFileLimits } from "../model-files/file-limits.ts";
export type { LoadProgress } from "../model-files/read-model-files.ts";
export type { BundleFiles } from "../reading/model-reader.ts";
export { type LoadTfjsOptions, type TfjsLocation, loadTfjs } from "./load-tfjs.ts";
export { type EncodeTfjsOptions, encodeTfjs, saveTfjs } from "./encode-tfjs.ts";
