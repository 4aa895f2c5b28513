export type { ModelBundle } from "./bundle.ts";
export type { BundleLimits } from "./bundle-limits.ts";
export type { BundleFiles } from "./bundle-reader.ts";
export { checkFit } from "./check-fit.ts";
export { type KnownPictures, defaultBundle } from "./default-bundle.ts";
export { type LoadBundleOptions, type LoadProgress, loadBundle } from "./load-bundle.ts";
export { loadWeights } from "./load-weights.ts";
export { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
export { type SaveBundleOptions, encodeBundle, saveBundle } from "./save-bundle.ts";
