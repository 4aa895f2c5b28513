import util from "node:util";

/**
 * Defines what tfjs-node 4.22 takes from Node's `util`: `isNullOrUndefined`, gone since Node 23, and `isArray`.
 *
 * Node 22 still has both and warns of them on standard error; these replacements do the same without the warning.
 */
export function provideUtilForTensorflow(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  });
}
