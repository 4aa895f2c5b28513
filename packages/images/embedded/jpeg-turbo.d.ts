/** libjpeg-turbo as WebAssembly: gzipped, in base64. Written by `scripts/embed-decoder.mjs`. */
declare const binary: string;
export default binary;
