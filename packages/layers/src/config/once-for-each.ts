/**
 * A function that makes its result once for equal arguments, as their text tells: every layer of a class asks for the same
 * declared options.
 */
export function onceForEach<Arguments extends readonly unknown[], Made>(
  make: (...given: Arguments) => Made,
): (...given: Arguments) => Made {
  const known = new Map<string, Made>();
  return (...given) => {
    const key = given.join();
    const made = known.get(key) ?? make(...given);
    known.set(key, made);
    return made;
  };
}
