import { expect, test } from "vitest";
import * as training from "./index.ts";

type Constructor = abstract new (...parameters: never) => object;

/** What a class needs at least, so that nothing but an option that it does not have is wrong. */
const least: Readonly<Record<string, object>> = {
  BackupAndRestore: { backupDir: "backup" },
  CSVLogger: { filename: "log.csv" },
  CosineDecay: { initialLearningRate: 1, decaySteps: 1 },
  CosineDecayRestarts: { initialLearningRate: 1, firstDecaySteps: 1 },
  ExponentialDecay: { initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
  FunctionLoss: { fn: () => undefined },
  InverseTimeDecay: { initialLearningRate: 1, decaySteps: 1, decayRate: 1 },
  LearningRateScheduler: { schedule: () => 1 },
  MeanLoss: { loss: new training.Huber() },
  ModelCheckpoint: { filepath: "model" },
  OneCycle: { maxLearningRate: 1, totalSteps: 10 },
  PiecewiseConstantDecay: { boundaries: [1], values: [1, 2] },
  PolynomialDecay: { initialLearningRate: 1, decaySteps: 1 },
};

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
