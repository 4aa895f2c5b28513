export type { BundleLimits } from "./bundle-limits.ts";
export type { ModelBundle } from "./bundle.ts";
export { checkFit } from "./check-fit.ts";
export { type KnownPictures, classifiesPictures, knownBundle } from "./known-bundle.ts";
export { type LoadBundleOptions, loadBundle } from "./load-bundle.ts";
export { NoLabelsError } from "./no-labels-error.ts";
export { type SaveBundleOptions, encodeBundle, saveBundle } from "./save-bundle.ts";
export type { LoadProgress } from "../model-files/read-model-files.ts";
export type { BundleFiles } from "../reading/model-reader.ts";
