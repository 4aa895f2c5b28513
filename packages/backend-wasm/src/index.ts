export { type WasmBackendInfo, type WasmBackendOptions, registerWasmBackend } from "./register.ts";
export type { Simd } from "./engine/simd.ts";
