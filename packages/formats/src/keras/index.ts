export { type SaveKerasOptions, encodeKeras, encodeKerasWeights, saveKeras, saveKerasWeights } from "./encode-keras.ts";
export { LayerCountError, OtherNetworkError } from "./other-network-error.ts";
export { type LoadKerasOptions, loadKeras } from "./load-keras.ts";
export { type LoadKerasWeightsOptions, loadKerasWeights } from "./load-weights.ts";
export type { Mismatch as LayerMismatch } from "./fill-model.ts";
