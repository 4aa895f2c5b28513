export type { Simd } from "./binary.ts";
export { type WasmBackendInfo, type WasmBackendOptions, registerWasmBackend } from "./register.ts";
