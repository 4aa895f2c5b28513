export { type LoadOnnxOptions, loadOnnx } from "./read/load-onnx.ts";
export type { OnnxLocation } from "./read/open-onnx.ts";
export { type EncodeOnnxOptions, encodeOnnx, saveOnnx } from "./write/encode-onnx.ts";
