export type { ModelBundle } from "./bundle/bundle.ts";
export type { BundleLimits } from "./bundle/bundle-limits.ts";
export type { BundleFiles } from "./reading/bundle-reader.ts";
export { checkFit } from "./bundle/check-fit.ts";
export { type KnownPictures, defaultBundle } from "./bundle/default-bundle.ts";
export { type LoadBundleOptions, type LoadProgress, loadBundle } from "./bundle/load-bundle.ts";
export { loadWeights } from "./model-files/load-weights.ts";
export { decodeSafetensors, encodeSafetensors } from "./safetensors/safetensors.ts";
export { type SaveBundleOptions, encodeBundle, saveBundle } from "./bundle/save-bundle.ts";
