import { InvalidConfigError, Option } from "@featuremap/tensor";

/**
 * An option of a call, which nothing saves.
 *
 * @param usual what stands in for `null` too, as Keras takes None for one that is not given
 */
export function callOption<Given, Value, Usual extends Value | undefined>(
  { check }: Pick<Option<Given, Value>, "check">,
  usual: Usual,
): Option<Given | null | undefined, Value | Usual> {
  return new Option<Given | null | undefined, Value | Usual>({
    check: (owner, name, given: Given | null | undefined) =>
      given === undefined || given === null ? usual : check(owner, name, given),
    read: (saved, key) => saved.take(key),
    write: (value) => value,
  });
}

/** Whatever is given, which whoever reads it checks. */
export function anything<Value>(): Pick<Option<Value>, "check"> {
  return { check: (_owner, _name, given) => given };
}

/** A function, whatever it takes. */
export function functionCheck<Value>(): Pick<Option<Value>, "check"> {
  return {
    check: (owner, name, given) => {
      if (typeof given === "function") return given;
      throw new InvalidConfigError(owner, name, "a function", given);
    },
  };
}
