/** @import { Allocator } from "./peers.mjs" */

/**
 * glibc's settings under which memory once had is kept and used again: no block is mapped by itself, nothing is given
 * back to the system, and the heap grows by 256 MiB at a time.
 */
const keptWarm = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 32),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 34),
  MALLOC_TOP_PAD_: String(2 ** 28),
};

/**
 * The environment of a peer's process; whatever is set for the C library outside holds for none.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {Allocator} [allocator]
 * @returns {NodeJS.ProcessEnv}
 */
export function allocatorEnvironment(environment, allocator) {
  const others = Object.entries(environment).filter(
    ([name]) => !name.startsWith("MALLOC_") && name !== "GLIBC_TUNABLES",
  );
  return { ...Object.fromEntries(others), ...(allocator === "warm" ? keptWarm : {}) };
}
