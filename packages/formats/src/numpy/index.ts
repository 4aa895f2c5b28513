export type { StoredTensor, TensorStore } from "../tensors/tensor-store.ts";
export { type EncodeNpyOptions, encodeNpy } from "./encode-npy.ts";
export { decodeNpy } from "./npy.ts";
export { type EncodeNpzOptions, type OpenNpzOptions, encodeNpz, openNpz } from "./npz.ts";
