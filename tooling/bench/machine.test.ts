import { expect, test } from "vitest";
import { vectorsOf } from "./machine.mjs";

test.for([
  ["flags\t\t: fpu sse2 avx avx2 avx512f avx512bw", "AVX-512"],
  ["processor\t: 0\nflags\t\t: fpu sse2 avx avx2 fma", "AVX2"],
  ["flags\t\t: fpu sse2 avx", "SSE"],
] as const)("the widest vectors of a processor with %j are %s", ([flags, width]) => {
  expect(vectorsOf(`${flags}\nbugs\t\t: avx512f\n`)).toBe(width);
});
