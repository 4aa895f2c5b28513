export type { ModelFileLimits } from "./file-limits.ts";
export { type LoadModelOptions, type SavedModel, loadModel } from "./load-model.ts";
export { loadWeights } from "./load-weights.ts";
export type { SaveModelOptions } from "./model-content.ts";
export type { OptimizerData } from "./optimizer-data.ts";
export type { LoadProgress } from "./read-model-files.ts";
export { encodeModel, saveModel } from "./save-model.ts";
export { saveWeights } from "./save-weights.ts";
export type { BundleFiles } from "../reading/model-reader.ts";
