import { createContext, runInContext } from "node:vm";

const context = createContext();

/** The same numbers in a typed array that is no instance of this realm's classes, as a test runner, a frame or a worker gives it. */
export function ofOtherRealm<Numbers extends Uint8Array | Uint8ClampedArray | Float32Array>(numbers: Numbers): Numbers {
  const other = runInContext(`new ${numbers[Symbol.toStringTag]}(${numbers.length})`, context) as Numbers;
  other.set(numbers);
  return other;
}
