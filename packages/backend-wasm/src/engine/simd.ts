/** Which vector instructions a kernel binary uses. */
export type Simd = "relaxed" | "simd128";
