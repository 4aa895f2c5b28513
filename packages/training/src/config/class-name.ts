/** A class with the name that it goes by in errors, logs and saved states. */
interface NamedClass {
  readonly className?: unknown;
  readonly options?: unknown;
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

/** The name of the class that declares an object's options: its own, or one that it extends; its own where none does. */
export function declaringClassName(object: object): string {
  let type = object.constructor as NamedClass;
  while (type.options !== undefined && !Object.hasOwn(type, "options"))
    type = Object.getPrototypeOf(type) as NamedClass;
  return classNameOf({ constructor: type });
}
