/** The simd128 kernels: gzipped, in base64. Written by `scripts/build-kernels.mjs`. */
declare const kernels: string;
export default kernels;
