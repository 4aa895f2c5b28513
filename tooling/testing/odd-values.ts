import { expect } from "vitest";

/** What plain JavaScript may hand to any function, by mistake. */
export const oddValues: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  3.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e300,
  "",
  "x",
  7n,
  Symbol("s"),
  [],
  [undefined],
  [-1],
  ["x"],
  {},
  { length: -1 },
  { x: 1 },
  Object.create(null),
  new Map(),
  new Date(0),
  new Float64Array(2),
  () => 1,
];

/**
 * Fails unless what was called returned, or threw an error of this project's own: never a raw TypeError.
 *
 * @param what the call, for the message
 */
export async function expectOwnErrors(what: string, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    const isBuiltIn = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
    const code = error instanceof Error && !isBuiltIn && "code" in error ? error.code : undefined;
    expect(String(code), `${what} threw ${String(error)}`).toMatch(/^[A-Z_]+$/);
  }
}
