import { readFileSync } from "node:fs";
import * as layers from "@featuremap/layers";
import { FeaturemapError } from "@featuremap/tensor";
import * as training from "@featuremap/training";
import { expect, test } from "vitest";

interface Group {
  readonly package: string;
  readonly symbols: Readonly<Record<string, readonly string[]>>;
}

const { groups } = JSON.parse(readFileSync(new URL("keras-symbols.json", import.meta.url), "utf8")) as {
  readonly groups: Readonly<Record<string, Group>>;
};

type Constructible = new (...given: unknown[]) => unknown;
const packages: Readonly<Record<string, object>> = { layers, training };

/** Arguments that Keras's classes pass on to their base. */
const shared = new Set("activity_regularizer trainable dtype autocast name reduction".split(" "));

const cases = Object.entries(groups).flatMap(([group, { package: name, symbols }]) =>
  Object.entries(symbols).flatMap(([symbol, [first]]) => {
    // Keras has a layer of the same name, which takes nothing.
    const exported = group === "Initializers" && symbol === "Identity" ? "IdentityInitializer" : symbol;
    const made = new Map<string, unknown>(Object.entries(packages[name] ?? {})).get(exported);
    const isAsked = first !== undefined && !shared.has(first) && symbol !== "Sequential";
    return typeof made === "function" && isAsked ? [{ symbol, first, made: made as Constructible }] : [];
  }),
);

test("there are classes to hold to it", () => {
  expect(cases.length).toBeGreaterThan(90);
});

test.for(cases)("new $symbol(true) is answered with Keras's first argument", ({ first, made }) => {
  const name = first.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  let thrown: unknown;
  try {
    // What no class takes by place.
    thrown = made.name === "Input" ? (made as unknown as (given: unknown) => unknown)(true) : new made(true);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(FeaturemapError);
  expect(String(thrown)).toMatch(new RegExp(`options must be an object, as \\{ ${name}[ ,]`));
});
