export type { StoredTensor, TensorStore } from "../tensors/tensor-store.ts";
export { decodeSafetensors } from "./decode-safetensors.ts";
export { type EncodeSafetensorsOptions, type WrittenType, encodeSafetensors } from "./encode-safetensors.ts";
export { type OpenSafetensorsOptions, openSafetensors } from "./open-safetensors.ts";
