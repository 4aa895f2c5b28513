import { FeaturemapError, HostArray, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as layers from "./index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

/** What plain JavaScript may pass by mistake; none of it is what a call asks for, or it is harmless. */
const odd: readonly unknown[] = [
  undefined,
  null,
  3,
  -1,
  0,
  1.5,
  "x",
  "",
  true,
  {},
  [],
  [undefined],
  [null],
  [[]],
  ["x"],
  [3, 3],
  Number.NaN,
  Number.POSITIVE_INFINITY,
  () => 1,
  Symbol("s"), // which any comparison that forgets to ask for a number stumbles over
  10n,
  new Date(0),
  new Map(),
  new Float32Array(2),
];

type Callable = (...parameters: unknown[]) => unknown;
type Constructible = new (...parameters: unknown[]) => object;

const exported = Object.entries(layers) as [string, unknown][];
const isClass = (value: unknown): value is Constructible =>
  typeof value === "function" && Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
const classes = exported.filter((entry): entry is [string, Constructible] => isClass(entry[1]));
const functions = exported.filter(
  (entry): entry is [string, Callable] => typeof entry[1] === "function" && !isClass(entry[1]),
);

/** What a call throws that is not ours; nothing where it passes or throws one of ours. */
function foreign(what: string, call: () => unknown): string[] {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
    if (result instanceof tf.Tensor) result.dispose();
    return [];
  } catch (error) {
    return error instanceof FeaturemapError ? [] : [`${what}: ${String(error)}`];
  }
}

const label = (value: unknown): string =>
  typeof value === "symbol" || typeof value === "bigint" || typeof value === "function"
    ? String(value)
    : (JSON.stringify(value) ?? "undefined");

/** Classes that users extend: made as what they stand for. */
const abstractClasses = new Set(["Layer", "Initializer", "Regularizer", "Constraint"]);

/** Options that make a small example of each class, beside which each option in turn is odd. */
const needed: Readonly<Record<string, unknown>> = {
  filters: 2,
  kernelSize: 2,
  units: 2,
  rate: 0.5,
  stddev: 0.5,
  n: 2,
  outputSize: 2,
  targetShape: [4],
  dims: [1],
  height: 2,
  width: 2,
  scale: 2,
  axes: 1,
  factor: 0.1,
  heightFactor: 0.1,
  shape: [2],
  layer: new layers.Dense({ units: 2 }),
};

function optionsOf(made: Constructible): readonly string[] {
  return Object.keys((made as unknown as { options?: object }).options ?? {});
}

function exampleOf(made: Constructible): Record<string, unknown> {
  return Object.fromEntries(Object.entries(needed).filter(([option]) => optionsOf(made).includes(option)));
}

test("classes and functions are told apart, and none is missing", () => {
  expect(classes.length).toBeGreaterThan(80);
  expect(functions.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      "Input",
      "deserializeModel",
      "registerKerasSerializable",
      "requireDevice",
      "serializeModel",
    ]),
  );
});

describe.each(classes.filter(([name]) => !abstractClasses.has(name)))("new %s", (name, made) => {
  test("of odd values throws nothing but errors of this project", () => {
    const problems = odd.flatMap((value) => [
      ...foreign(`new ${name}(${label(value)})`, () => new made(value)),
      ...foreign(`new ${name}([], ${label(value)})`, () => new made([], value)),
    ]);
    expect([...problems, ...foreign(`new ${name}()`, () => new made())]).toEqual([]);
  });

  test("with an odd value for each option does not either, nor when the layer is used then", () => {
    const problems = optionsOf(made).flatMap((option) =>
      odd.flatMap((value) =>
        foreign(`new ${name}({ ${option}: ${label(value)} })`, () => {
          const object = new made({ ...exampleOf(made), [option]: value });
          if (object instanceof layers.Layer && !(object instanceof layers.Model)) use(object);
          if (object instanceof layers.Initializer) object.initialize([2, 3], new RandomStream(1));
        }),
      ),
    );
    expect(problems).toEqual([]);
  });
});

/** Works out shapes and the config of a layer for inputs of each rank. */
function use(layer: layers.Layer): void {
  layer.getConfig();
  expect(new layers.Sequential([layer]).name).toBe("sequential");
  for (const shape of [[2], [4, 4], [4, 4, 4], [4, 4, 4, 4]]) {
    try {
      layer.buildAll([[null, ...shape]]);
      layer.serialize();
    } catch (error) {
      if (!(error instanceof FeaturemapError)) throw error;
    }
  }
}

describe.each(functions)("%s", (name, call) => {
  test("of odd values throws nothing but errors of this project", () => {
    const problems = odd.flatMap((first) => [
      ...foreign(`${name}(${label(first)})`, () => call(first)),
      ...odd.flatMap((second) => foreign(`${name}(${label(first)}, ${label(second)})`, () => call(first, second))),
      ...foreign(`${name}({...}, "x", ${label(first)})`, () => call({}, "x", first)),
    ]);
    expect(problems).toEqual([]);
  });
});

const input = (): layers.SymbolicTensor => layers.Input({ shape: [4, 4, 2] });

/** One object of each kind, whose methods are called. */
const objects: readonly (readonly [string, () => object])[] = [
  ["Layer", () => new layers.Dense({ units: 2 })],
  [
    "built Layer",
    () => new layers.Sequential([input(), new layers.Conv2D({ filters: 1, kernelSize: 2 })]).layers[0] ?? {},
  ],
  ["merging Layer", () => new layers.Add()],
  ["Normalization", () => new layers.Normalization()],
  ["Sequential", () => new layers.Sequential([input(), new layers.Flatten(), new layers.Dense({ units: 1 })])],
  ["unconnected Sequential", () => new layers.Sequential([new layers.Flatten()])],
  ["empty Sequential", () => new layers.Sequential()],
  [
    "Model",
    () => {
      const ends = [input(), input()];
      return new layers.Model({ inputs: ends, outputs: new layers.Add().apply(ends) });
    },
  ],
  ["Weight", () => new layers.Weight("w", [2], () => new Float32Array(2))],
  ["ConfigReader", () => new layers.ConfigReader({ a: 1 }, "owner", "source")],
  ["Initializer", () => new layers.GlorotUniform()],
  ["Regularizer", () => new layers.L2()],
  ["Constraint", () => new layers.MaxNorm()],
];

/** Hooks that a model calls, with what it has checked; users' own classes override them. */
const hooks = new Set(
  "constructor call callAll innerWork convolve buildOnce addWeight addNode createWeights merge mergedShape join outputShape serializeArguments connect requireCount".split(
    " ",
  ),
);
/** The same of parts, and readers' methods for keys that code writes out. */
const partHooks = new Set("initialize sampler loss apply scale fail inner word size only".split(" "));
const inner = (kind: string, method: string): boolean =>
  hooks.has(method) || (partHooks.has(method) && /^(ConfigReader|Initializer|Regularizer|Constraint)$/.test(kind));

function methodsOf(kind: string, object: object): string[] {
  const names = new Set<string>();
  for (
    let level: object | null = object;
    level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === "function" && !inner(kind, name)) names.add(name);
    }
  }
  return [...names];
}

describe.each(objects)("%s", (kind, make) => {
  test("has methods that throw nothing but errors of this project for odd values", async () => {
    const problems: string[] = [];
    for (const method of methodsOf(kind, make())) {
      for (const value of [...odd, new HostArray(new Float32Array(2), [2])]) {
        const object = make() as Record<string, Callable>;
        const what = `${kind}.${method}(${label(value)})`;
        try {
          const result: unknown = await object[method]?.(value);
          for (const each of [result].flat()) if (each instanceof tf.Tensor) each.dispose();
        } catch (error) {
          if (!(error instanceof FeaturemapError)) problems.push(`${what}: ${String(error)}`);
        }
        if (object["dispose"] !== undefined) object["dispose"]();
      }
    }
    expect(problems).toEqual([]);
  });
});
