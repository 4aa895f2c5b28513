export { type WebgpuRegistration, registerWebgpuBackend } from "./register-webgpu-backend.ts";

declare global {
  /** As in `@featuremap/operations`: TensorFlow.js 4.22 names the type without importing it. */
  interface Long {
    readonly high: number;
    readonly low: number;
    readonly unsigned: boolean;
  }
}
