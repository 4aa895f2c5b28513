import { InvalidConfigError, Option } from "@featuremap/tensor";
import { classNameOf } from "./class-name.ts";
import { type Configured, type ConfiguredClass, fromConfig } from "./configured.ts";

/** Classes that a saved object may be of. */
export interface KnownClasses<Instance> {
  /** Keras's module, as `keras.losses`. */
  readonly module: string;
  /** Those of that module. */
  readonly keras: readonly ConfiguredClass<Instance>[];
  /** Those that Keras does not have. */
  readonly others?: readonly ConfiguredClass<Instance>[];
}

/**
 * An object with options of its own, which Keras saves as `{ module, class_name, config, registered_name }`.
 *
 * @param expected in words, for errors
 * @param base what it has to be of
 * @param known when a saved object is read or written
 */
export function objectOption<Instance extends Configured>(
  expected: string,
  base: abstract new (...parameters: never) => Instance,
  known: () => KnownClasses<Instance>,
): Option<Instance> {
  return new Option<Instance>({
    check: (owner, name, given: unknown) => {
      if (given instanceof base) return given;
      throw new InvalidConfigError(owner, name, expected, given);
    },
    read: (saved, key) => {
      const { keras, others = [] } = known();
      const value = saved.take(key);
      const { class_name: name, config } = Object(value) as { class_name?: unknown; config?: unknown };
      const found = [...keras, ...others].find(({ className }) => className === name);
      if (found === undefined || typeof config !== "object" || config === null) {
        const names = [...keras, ...others].map(({ className }) => className);
        return saved.fail(key, `{ class_name, config } with a class_name among ${names.join(", ")}`, value);
      }
      return fromConfig(found, config);
    },
    write: (value) => {
      const { module, keras } = known();
      const isKeras = keras.some((each) => each === value.constructor);
      const className = classNameOf(value);
      return {
        module: isKeras ? module : null,
        class_name: className,
        config: value.getConfig(),
        registered_name: isKeras ? null : className,
      };
    },
  });
}
