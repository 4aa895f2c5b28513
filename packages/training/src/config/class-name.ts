/** A class with the name that it goes by in errors, logs and saved states. */
interface NamedClass {
  readonly className?: unknown;
}

/**
 * What an object's class is called: its static `className`, which minifiers leave alone, as they do not `constructor.name`.
 *
 * A subclass of your own without a `className` goes by that of the class it extends.
 */
export function classNameOf(object: object): string {
  const { className } = object.constructor as NamedClass;
  return typeof className === "string" && className !== "" ? className : "object";
}
