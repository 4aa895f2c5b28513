import { InvalidConfigError, UnavailableError } from "../errors.ts";

/**
 * Gives a class methods that people look for on it, each of which throws what to write instead.
 *
 * Types do not know them, so that TypeScript finds the call before it runs.
 *
 * @param owner name of the class, for the errors
 * @param prototype of the class; subclasses of your own may have such methods
 * @param replacements by the methods' names, what to write
 * @throws {InvalidConfigError} the prototype is not an object, or the replacements are none.
 */
export function refuseMethods(owner: string, prototype: object, replacements: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries({ prototype, replacements })) {
    if (typeof value !== "object" || value === null) throw new InvalidConfigError(owner, name, "an object", value);
  }
  for (const [name, replacement] of Object.entries(replacements)) {
    const value = (): never => {
      throw new UnavailableError(`${owner}: ${name} is not a method here`, `Write ${replacement}.`);
    };
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }
}
