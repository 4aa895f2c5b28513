export { type SaveKerasOptions, encodeKeras, encodeKerasWeights, saveKeras, saveKerasWeights } from "./encode-keras.ts";
export { type LoadKerasOptions, loadKeras } from "./load-keras.ts";
