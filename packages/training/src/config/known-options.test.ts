import { expect, test } from "vitest";
import * as training from "../index.ts";
import { leastOptions as least } from "../testing/least-options.ts";

type Constructor = abstract new (...parameters: never) => object;

const bases: readonly Constructor[] = [
  training.Loss,
  training.Metric,
  training.Optimizer,
  training.LearningRateSchedule,
  training.Callback,
];

/** Every class of the package that users make objects of with options. */
const classes = Object.entries(training).flatMap(([name, value]) => {
  if (typeof value !== "function" || !("prototype" in value)) return [];
  const type: Constructor = value as Constructor;
  const isOne = bases.some((base) => type.prototype instanceof base);
  return isOne ? [{ name, type }] : [];
});

test("there is something of every kind to test", () => {
  expect(classes.length).toBeGreaterThan(50);
});

test.for(classes)("$name has a className of its own, as minifiers rename classes", ({ name, type }) => {
  expect(Object.getOwnPropertyDescriptor(type, "className")?.value).toBe(name);
});

test.for(classes)("$name refuses an option that it does not have, and tells what it has", ({ name, type }) => {
  const make = (options: object): unknown => Reflect.construct(type, [{ ...least[name], ...options }]);
  expect(() => make({})).not.toThrow();
  expect(() => make({ qqqq: 1 })).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIG", option: "options" }) as Error,
  );
  expect(() => make({ qqqq: 1 })).toThrow(new RegExp(`^${name}: options must be .+, received "qqqq"`));
});

const nameless = new Set(["Callback"]);
test.for(classes.filter(({ type }) => !nameless.has(type.name) && !(type.prototype instanceof training.Callback)))(
  "$name asks whether a misspelt name was meant",
  ({ name, type }) => {
    const make = (): unknown => Reflect.construct(type, [{ ...least[name], namee: "mine" }]);
    expect(make).toThrow("did you mean name?");
  },
);
