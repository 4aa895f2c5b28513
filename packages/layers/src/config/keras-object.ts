import { registeredNameOf } from "./registered-names.ts";

/** A Keras object as its JSON holds it: enough to make the object again. */
export interface KerasObject {
  /** Keras's module; `null` for what is a user's own. */
  readonly module: string | null;
  readonly class_name: string;
  /** Of a function, its name. */
  readonly config: Readonly<Record<string, unknown>> | string;
  readonly registered_name: string | null;
}

/** Something small that Keras stores inside a layer's config: an initializer, regularizer or constraint. */
export interface KerasPart {
  /** Keras's module, as `keras.initializers`. */
  readonly module: string;
  /** Keras's class name, as `GlorotUniform`. */
  readonly className: string;
  /** Keras's own keys and values. */
  getConfig(): Record<string, unknown>;
}

/** A part in Keras 3's JSON; `null` stays `null`. */
export function serializePart(part: KerasPart | null): KerasObject | null {
  if (part === null) return null;
  const registered = registeredNameOf(part.constructor);
  return {
    module: registered === null ? part.module : null,
    class_name: part.className,
    config: part.getConfig(),
    registered_name: registered,
  };
}

/** Keras 3's JSON for the only dtype policy that layers have here. */
export const float32Policy: KerasObject = {
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: "float32" },
  registered_name: null,
};

/** A Keras name in this project's spelling or in Python's: `leakyRelu` and `leaky_relu`. */
export type KerasName<Name extends string> = Name | SnakeCase<Name>;

type SnakeCase<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Text;

/** Makes `glorotUniform`, `glorot_uniform` and `GlorotUniform` equal. */
export function plainName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Keras's default layer name for a class: `MaxPooling2D` gives `max_pooling2d`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** `channelsLast` as Python spells it: `channels_last`. */
export function pythonName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
