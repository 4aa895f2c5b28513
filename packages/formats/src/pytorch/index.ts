export { timmEfficientNet } from "./efficient-net-names.ts";
export { type EncodePyTorchOptions, encodePyTorch, savePyTorch } from "./encode-pytorch.ts";
export { type LoadPyTorchOptions, type LoadedPyTorch, loadPyTorch } from "./load-pytorch.ts";
export type { PyTorchNames } from "./module-names.ts";
export { type TimmConfig, readTimmConfig } from "./timm-config.ts";
