export { type WebgpuRegistration, registerWebgpuBackend } from "./register-webgpu-backend.ts";
