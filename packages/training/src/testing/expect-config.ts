import { expect } from "vitest";
import type { Configured } from "../config/configured.ts";

/** A class of which objects are made with options, or from a Keras config. */
interface Type {
  readonly className: string;
  new (options: never): Configured;
  fromConfig(config: object): Configured;
}

/** The class that a module exports by that name. */
export function typeOf(module: object, name: string): Type {
  return (module as Readonly<Record<string, Type>>)[name] as Type;
}

/** Expects the config that Keras gives an object of these options, and an equal object from either's config. */
export function expectConfig(type: Type, options: object, config: object): void {
  const made = new type(options as never);
  expect(asKeras(made.getConfig())).toEqual(config);
  expect(type.fromConfig(made.getConfig())).toEqual(made);
  const read = type.fromConfig(JSON.parse(JSON.stringify(config)) as object);
  expect(read).toBeInstanceOf(type);
  expect(asKeras(read.getConfig())).toEqual(config);
}

/** Keras holds a learning rate in float32. */
function asKeras(config: Readonly<Record<string, unknown>>): object {
  const { learning_rate: rate } = config;
  return typeof rate === "number" ? { ...config, learning_rate: Math.fround(rate) } : config;
}

/** Expects one error that says which key of a config is wrong. */
export function expectRefusal(type: Type, config: object, option: string, message: string | RegExp): void {
  expect(() => type.fromConfig(config)).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIG", option, message: expect.stringMatching(message) as string }),
  );
}
