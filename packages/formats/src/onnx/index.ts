export { type EncodeOnnxOptions, encodeOnnx, saveOnnx } from "./write/encode-onnx.ts";
