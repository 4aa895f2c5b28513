import { gunzip } from "#platform";
import { FormatError } from "@featuremap/tensor";
import type { Simd } from "./simd.ts";

/** The binaries as modules, of which only the one that is needed is loaded: every bundler follows an import. */
const binaries: Record<Simd, () => Promise<{ readonly default: string }>> = {
  relaxed: () => import("../../embedded/relaxed.js"),
  simd128: () => import("../../embedded/simd128.js"),
};

/** A module whose only content is a function with one relaxed multiply-add. */
// prettier-ignore
const RELAXED_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0,
  65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11,
);

/** The widest vector instructions that this engine compiles. */
export function widestSimd(): Simd {
  return WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "simd128";
}

/**
 * Compiles the kernels for this engine.
 *
 * @param shared whether the memory will be shared between threads
 */
export async function compileKernels(simd: Simd, shared: boolean): Promise<WebAssembly.Module> {
  const { default: kernels } = await binaries[simd]();
  const bytes = await unpack(kernels);
  return WebAssembly.compile((shared ? bytes : withUnsharedMemory(bytes)) as BufferSource);
}

/** Bytes that were gzipped and written in base64. */
async function unpack(text: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return gunzip(packed);
}

/**
 * The same binary importing a memory that is not shared: one flag in its import section.
 *
 * Source: WebAssembly core specification 5.5.5 (import section) and the threads proposal (limits flag 3 is shared).
 */
export function withUnsharedMemory(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  let at = 8;
  const integer = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = copy[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < copy.length) {
    const section = copy[at++];
    const end = integer() + at;
    if (section !== 2) {
      at = end;
      continue;
    }
    for (let count = integer(); count > 0; count--) {
      for (let name = 0; name < 2; name++) {
        const length = integer();
        at += length;
      }
      const kind = copy[at++];
      if (kind === 2) {
        copy[at] = 1;
        return copy;
      }
      if (kind !== 0) break;
      integer();
    }
    break;
  }
  throw new FormatError("kernel binary", "import section", "functions followed by one memory", "none");
}
