interface TypedArrays {
  readonly Uint8Array: Uint8Array;
  readonly Uint8ClampedArray: Uint8ClampedArray;
  readonly Int32Array: Int32Array;
  readonly Uint32Array: Uint32Array;
  readonly Float32Array: Float32Array;
  readonly Float64Array: Float64Array;
}

/**
 * Whether a value is a typed array of one of these classes, or of a class that extends it, as Node's `Buffer` does.
 *
 * Unlike `instanceof`, it knows those of other realms: of a frame, a worker, or Node itself where a test runner has a context of its own.
 */
export function isTypedArray<Name extends keyof TypedArrays>(
  value: unknown,
  ...names: readonly Name[]
): value is TypedArrays[Name] {
  return (names as readonly string[]).includes(tagOf(value));
}

/** The name of a typed array's class; empty for everything else. */
export function tagOf(value: unknown): string {
  return ArrayBuffer.isView(value) ? String((value as Partial<Uint8Array>)[Symbol.toStringTag]) : "";
}
