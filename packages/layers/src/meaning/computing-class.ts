/** What a class may define anew without computing anything else. */
const harmless: ReadonlySet<PropertyKey> = new Set(["constructor", "getConfig", "serialize"]);

/**
 * The class that says what an object computes: its own, or the one from which it derives without redefining any of that
 * one's methods.
 *
 * @param known the classes to look for
 * @returns undefined if it is none of them
 */
export function computingClass(object: object, known: { has(candidate: unknown): boolean }): unknown {
  const defined = new Set<PropertyKey>();
  let prototype: unknown = Object.getPrototypeOf(object);
  while (typeof prototype === "object" && prototype !== null && !known.has(prototype.constructor)) {
    for (const key of Reflect.ownKeys(prototype)) defined.add(key);
    prototype = Object.getPrototypeOf(prototype);
  }
  if (typeof prototype !== "object" || prototype === null) return undefined;
  for (const key of defined) {
    if (!harmless.has(key) && key in prototype) return undefined;
  }
  return prototype.constructor;
}
