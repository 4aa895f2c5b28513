import { readFileSync } from "node:fs";
import { openDevice } from "@featuremap/devices";
import * as layers from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import * as training from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import * as secondNames from "@featuremap/layers/~internal/saving/second-names";

type Options = Readonly<Record<string, unknown>>;

/** A class: what it cannot be made without, and what Keras takes for the rest. Options are spelt as in Python. */
interface GoldenDefaults {
  readonly required?: Options;
  readonly defaults: Options;
}

type Group = Readonly<Record<string, GoldenDefaults>>;

const golden = JSON.parse(readFileSync(new URL("defaults.golden.json", import.meta.url), "utf8")) as {
  /** Whole configs. */
  readonly parts: Readonly<Record<string, Group>>;
  /** Defaults of constructors. */
  readonly options: Readonly<Record<string, Group>>;
};

/** Exported classes that Keras has no defaults for, and why. */
const exempt: Readonly<Record<string, string>> = {
  CustomScaleLayer: "Keras keeps it private; its one option is required",
  ConfusionMatrix: "TensorFlow's function; Keras has no such metric",
  FunctionLoss: "a user's own formula",
  LayerScale: "Keras keeps it private; its options are required",
  MeanLoss: "Keras has a class for each loss instead, which stand among the metrics",
  Model: "needs its graph, and has no other options that matter",
  OneCycle: "PyTorch's",
  Sequential: "has no options that matter",
  SpectralNormalization: "needs its layer; spectral-normalization.json has its config",
  StochasticDepth: "Keras keeps it private; its one option is required",
  Warmup: "ours",
};

/** Options of Keras's that are not here, as docs/reference/keras.md tells. */
const without: Readonly<Record<string, readonly string[]>> = {
  TensorBoard: ["write_images", "profile_batch", "embeddings_freq", "embeddings_metadata"],
};

/** Options that cannot be read, so that what they do is compared below. */
const neutral: Options = {
  clipnorm: 1e30,
  clipvalue: 1e30,
  global_clipnorm: 1e30,
  use_ema: false,
  ema_momentum: 0,
  ema_overwrite_frequency: 1e6,
  gradient_accumulation_steps: 1,
};
const watched = new Set(["ReduceLROnPlateau.mode", "ReduceLROnPlateau.min_delta", "ModelCheckpoint.mode"]);

type Reader = (thing: Options) => unknown;

/** Options that stand under another name, or in another form. */
const readers: Readonly<Record<string, Reader>> = {
  "AUC.num_thresholds": ({ thresholds }) => (Array.isArray(thresholds) ? thresholds.length : thresholds),
  "AUC.thresholds": ({ thresholds }) => (isEven(thresholds) ? null : thresholds),
  "ModelCheckpoint.initial_value_threshold": ({ best }) => best,
  weight_decay: ({ weightDecay }) => (weightDecay === 0 ? null : weightDecay),
};

function isEven(thresholds: unknown): boolean {
  const list = Array.isArray(thresholds) ? thresholds.map(Number) : [];
  return list.length > 1 && list.every((value, index) => Math.abs(value - index / (list.length - 1)) < 1e-6);
}

function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** An object of the exported class of this name. */
function made(name: string, options: Options = {}): Options {
  const type: unknown = Object.entries({ ...layers, ...training }).find(([key]) => key === name)?.[1];
  if (typeof type !== "function") throw new Error(`no class ${name}`);
  const named = Object.entries(options).map(([option, value]) => [camelCase(option), value] as const);
  return Reflect.construct(type, [Object.fromEntries(named)]) as Options;
}

/** What JSON makes of a value, with numbers as float32 has them: some of Keras's are. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_key, entry: unknown) =>
    typeof entry === "number" ? Math.fround(entry) : entry,
  );
}

/** {@link plain}, and names alike in Python's spelling and ours, and a list of one as that one. */
function comparable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("_", "").toLowerCase();
  return Array.isArray(value) && value.length === 1 ? plain(value[0]) : plain(value);
}

function valueOf(thing: Options, name: string, option: string): unknown {
  const read = readers[`${name}.${option}`] ?? readers[option];
  if (read) return read(thing);
  const key = camelCase(option);
  // The methods of callbacks are there without being given.
  if (name === "LambdaCallback") return Object.hasOwn(thing, key) ? thing[key] : undefined;
  if (key in thing) return thing[key];
  if (typeof thing["config"] === "object") return (thing["config"] as Options)[key];
  throw new Error(`${name} does not tell its ${key}: compare what it does`);
}

describe.each(Object.entries(golden.parts))("%s without options are Keras's", (_group, cases) => {
  test.each(Object.entries(cases))("%s", (name, { required, defaults }) => {
    const part = made(name, required) as unknown as { getConfig(): Options };
    const { dtype: _dtype, ...config } = part.getConfig();
    expect(plain(config)).toEqual(plain(defaults));
  });
});

describe.each(Object.entries(golden.options))("%s without options have Keras's", (_group, cases) => {
  test.each(Object.entries(cases))("%s", (name, { required, defaults }) => {
    const thing = made(name, name === "LearningRateScheduler" ? { schedule: () => 1 } : required);
    const options = Object.entries(defaults).filter(
      ([option]) => !without[name]?.includes(option) && !(option in neutral) && !watched.has(`${name}.${option}`),
    );
    const values = options.map(([option]) => [option, comparable(valueOf(thing, name, option))]);
    expect(values).toEqual(options.map(([option, value]) => [option, comparable(value)]));
  });
});

describe("what optimizers do not tell, they do as Keras's defaults say", () => {
  useBackend(() => openDevice("cpu"));

  /** Where weights are after three steps, and after the end of training. */
  function trained(name: string, options: Options): number[][] {
    // Of a rate at which every optimizer's steps show in float32.
    const optimizer: unknown = made(name, { learning_rate: 0.5, ...options });
    if (!(optimizer instanceof training.Optimizer)) throw new Error(`${name} is not an optimizer`);
    return tf.tidy(() => {
      const variable = tf.variable(tf.tensor1d([1, -2]));
      const states: number[][] = [];
      for (const scale of [100, 0.01, 1]) {
        optimizer.apply([{ variable, gradient: tf.tensor1d([3 * scale, -scale]) }]);
        states.push([...variable.dataSync()]);
      }
      optimizer.finalizeVariableValues([variable]);
      states.push([...variable.dataSync()]);
      optimizer.dispose();
      variable.dispose();
      return states;
    });
  }

  test.each(Object.entries(golden.options["Optimizers"] ?? {}))("%s", (name, { defaults }) => {
    for (const [option, substitute] of Object.entries(neutral)) {
      // Nothing shows of averages unless they are kept.
      const others = option.startsWith("ema_") ? { use_ema: true } : {};
      expect(defaults).toHaveProperty(option);
      const explicit = { ...others, [option]: defaults[option] ?? substitute };
      expect([option, trained(name, others)]).toEqual([option, trained(name, explicit)]);
    }
  });
});

describe("what callbacks do not tell, they do as Keras's defaults say", () => {
  const { ReduceLROnPlateau, ModelCheckpoint } = golden.options["Callbacks"] ?? {};

  function runWith(direction: "up" | "down" | undefined): training.TrainingRun {
    const run: Partial<training.TrainingRun> = {
      model: new layers.Sequential(),
      optimizer: new training.SGD({ learningRate: 1 }),
      logs: new Map([["val_loss", direction]]),
      record: () => {},
    };
    return run as training.TrainingRun;
  }

  test.each([
    ["down", -0.000_099, 0.1],
    ["down", -0.000_101, 1],
    ["up", 0.000_099, 0.1],
    ["up", 0.000_101, 1],
  ] as const)("ReduceLROnPlateau, of what goes %s, after a change of %d", (direction, change, expected) => {
    expect(ReduceLROnPlateau?.defaults).toMatchObject({ mode: "auto", min_delta: 1e-4 });
    const callback = new training.ReduceLROnPlateau({ patience: 1 });
    const run = runWith(direction);
    callback.onTrainBegin(run);
    for (const [epoch, value] of [1, 1 + change].entries()) callback.onEpochEnd(epoch, { val_loss: value }, run);
    expect(run.optimizer.learningRate).toBe(expected);
  });

  test("ModelCheckpoint looks at the number to know which way is better", () => {
    expect(ModelCheckpoint?.defaults).toMatchObject({ mode: "auto" });
    const callback = new training.ModelCheckpoint({ filepath: "model", saveBestOnly: true, saveWeightsOnly: true });
    expect(() => callback.onTrainBegin(runWith(undefined))).toThrow("mode");
  });
});

describe("every exported class is held", () => {
  const held = new Set([golden.parts, golden.options].flatMap((groups) => Object.values(groups)).flatMap(Object.keys));
  test.each([
    ["layer", layers, layers.Layer],
    ["initializer", layers, layers.Initializer],
    ["regularizer", layers, layers.Regularizer],
    ["constraint", layers, layers.Constraint],
    ["loss", training, training.Loss],
    ["metric", training, training.Metric],
    ["optimizer", training, training.Optimizer],
    ["schedule", training, training.LearningRateSchedule],
    ["callback", training, training.Callback],
  ])("every %s", (_kind, exported, base) => {
    const classes = Object.entries(exported)
      .filter(
        ([name, value]) => typeof value === "function" && value.prototype instanceof base && !(name in secondNames),
      )
      .map(([name]) => name);
    expect(classes.length).toBeGreaterThan(3);
    expect(classes.filter((name) => held.has(name) === name in exempt)).toEqual([]);
  });
});
