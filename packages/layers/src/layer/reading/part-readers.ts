import {
  type Activation,
  type ActivationFunction,
  type ActivationName,
  resolveActivation,
} from "../../parts/activations.ts";
import { type ConfigReader, isRecord } from "../../config/config-reader.ts";
import { Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from "../../parts/constraints.ts";
import { Constant, Ones, Zeros } from "../../parts/initializers/constant.ts";
import { Identity } from "../../parts/initializers/identity.ts";
import { Initializer } from "../../parts/initializers/initializer.ts";
import { RandomNormal, RandomUniform, TruncatedNormal } from "../../parts/initializers/random.ts";
import { Orthogonal } from "../../parts/initializers/orthogonal.ts";
import {
  type FanConfig,
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "../../parts/initializers/variance-scaling.ts";
import { plainName } from "../../config/keras-object.ts";
import type { Part } from "../../parts/part.ts";
import { load, registeredClass, registeredFunction, registeredInPlaceOf } from "./registered-objects.ts";
import { L1, L1L2, L2, OrthogonalRegularizer, Regularizer } from "../../parts/regularizers.ts";

type PartReader<Kind> = (reader: ConfigReader) => Kind;

function withSeed(reader: ConfigReader): { seed: number | null | undefined } {
  return { seed: reader.numberOrNull("seed") };
}

function withFans(reader: ConfigReader): FanConfig {
  return {
    ...withSeed(reader),
    inputAxes: readAxes(reader, "input_axes"),
    outputAxes: readAxes(reader, "output_axes"),
  };
}

function readAxes(reader: ConfigReader, key: string): readonly number[] | null {
  if ((reader.take(key) ?? null) === null) return null;
  const axes = reader.numbers(key);
  return typeof axes === "object" ? axes : reader.fail(key, "a list of axes", axes);
}

const initializers: Readonly<Record<string, PartReader<Initializer>>> = {
  Zeros: () => new Zeros(),
  Ones: () => new Ones(),
  Constant: (reader) => new Constant({ value: reader.number("value") }),
  RandomUniform: (reader) =>
    new RandomUniform({
      ...withSeed(reader),
      minval: reader.number("minval"),
      maxval: reader.number("maxval"),
    }),
  RandomNormal: (reader) => new RandomNormal(normalConfig(reader)),
  TruncatedNormal: (reader) => new TruncatedNormal(normalConfig(reader)),
  VarianceScaling: (reader) =>
    new VarianceScaling({
      ...withFans(reader),
      scale: reader.number("scale"),
      mode: readWord(reader, "mode", { fan_in: "fanIn", fan_out: "fanOut", fan_avg: "fanAvg" }),
      distribution: readWord(reader, "distribution", {
        truncated_normal: "truncatedNormal",
        untruncated_normal: "untruncatedNormal",
        uniform: "uniform",
      }),
    }),
  GlorotUniform: (reader) => new GlorotUniform(withFans(reader)),
  GlorotNormal: (reader) => new GlorotNormal(withFans(reader)),
  HeUniform: (reader) => new HeUniform(withFans(reader)),
  HeNormal: (reader) => new HeNormal(withFans(reader)),
  LecunUniform: (reader) => new LecunUniform(withFans(reader)),
  LecunNormal: (reader) => new LecunNormal(withFans(reader)),
  Orthogonal: (reader) => new Orthogonal({ ...withSeed(reader), gain: reader.number("gain") }),
  Identity: (reader) => new Identity({ gain: reader.number("gain") }),
};

const regularizers: Readonly<Record<string, PartReader<Regularizer>>> = {
  L1: (reader) => new L1({ l1: reader.number("l1") }),
  L2: (reader) => new L2({ l2: reader.number("l2") }),
  L1L2: (reader) => new L1L2({ l1: reader.number("l1"), l2: reader.number("l2") }),
  OrthogonalRegularizer: (reader) =>
    new OrthogonalRegularizer({ factor: reader.number("factor"), mode: reader.word("mode", ["rows", "columns"]) }),
};

const constraints: Readonly<Record<string, PartReader<Constraint>>> = {
  MaxNorm: (reader) => new MaxNorm({ maxValue: reader.number("max_value"), axis: reader.numbers("axis") }),
  NonNeg: () => new NonNeg(),
  UnitNorm: (reader) => new UnitNorm({ axis: reader.numbers("axis") }),
  MinMaxNorm: (reader) =>
    new MinMaxNorm({
      minValue: reader.number("min_value"),
      maxValue: reader.number("max_value"),
      rate: reader.number("rate"),
      axis: reader.numbers("axis"),
    }),
};

function normalConfig(reader: ConfigReader) {
  return { ...withSeed(reader), mean: reader.number("mean"), stddev: reader.number("stddev") };
}

function readWord<Word extends string>(
  reader: ConfigReader,
  key: string,
  words: Readonly<Record<string, Word>>,
): Word | undefined {
  const word = reader.word(key, Object.keys(words));
  return word === undefined ? undefined : words[word];
}

/** What a kind of part is, and how to read each class of it. */
interface PartKind<Kind extends Part> {
  readonly base: abstract new (...parameters: never[]) => Kind;
  readonly readers: Readonly<Record<string, PartReader<Kind>>>;
}

/** A part that Keras serialized as an object or by name; `null` stays, and a missing key reads as `undefined`. */
function readPart<Kind extends Part>(
  config: ConfigReader,
  key: string,
  { base, readers }: PartKind<Kind>,
): Kind | null | undefined {
  const value = config.take(key);
  if (value === undefined || value === null) return value;
  const object = isRecord(value) ? value : { class_name: value };
  const reader = config.inner(key, object["config"] ?? {});
  const part = makePart(object, reader, readers);
  if (!(part instanceof base)) {
    const name = object["registered_name"] ?? object["class_name"] ?? value;
    return config.fail(key, `one of ${Object.keys(readers).join(", ")}, or registered`, name);
  }
  reader.finish();
  return part;
}

function makePart(
  object: Readonly<Record<string, unknown>>,
  reader: ConfigReader,
  readers: Readonly<Record<string, PartReader<Part>>>,
): unknown {
  const own = registeredClass(object);
  if (own !== undefined) return load(own, reader);
  const { class_name: name } = object;
  if (typeof name !== "string") return undefined;
  const known = Object.entries(readers).find(([className]) => plainName(className) === plainName(name))?.[1];
  if (known !== undefined) return known(reader);
  const inPlace = registeredInPlaceOf(name);
  return inPlace && load(inPlace, reader);
}

/** An activation by name, or as Keras serializes functions. */
export function readActivation(config: ConfigReader, key = "activation"): Activation | undefined {
  const value = config.take(key);
  if (value === undefined || value === null) return undefined;
  const choice = isRecord(value) ? (registeredFunction(value) ?? value["config"]) : value;
  if (typeof choice === "string" || typeof choice === "function") {
    try {
      return resolveActivation("activation", choice as ActivationName | ActivationFunction);
    } catch {
      // The error below says where.
    }
  }
  return config.fail(key, "a known activation, or a registered function", choice ?? value);
}

export function readInitializer(config: ConfigReader, key: string): Initializer | undefined {
  return readPart(config, key, { base: Initializer, readers: initializers }) ?? undefined;
}

export function readRegularizer(config: ConfigReader, key: string): Regularizer | null | undefined {
  return readPart(config, key, { base: Regularizer, readers: regularizers });
}

export function readConstraint(config: ConfigReader, key: string): Constraint | null | undefined {
  return readPart(config, key, { base: Constraint, readers: constraints });
}
