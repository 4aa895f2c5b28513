import { FormatError, type RandomState, RandomStream, describeValue } from "@featuremap/tensor";
import { isRecord } from "../../data/array-data.ts";
import type { RunState } from "../../run/run-state.ts";
import type { TotalsState } from "../../run/logs.ts";
import type { CallbackState } from "../../run/callback-state.ts";

/** Version 1 had no checksum. */
export const backupVersion = 2;

/** What a backup holds beside tensors. */
export interface BackupRecord {
  readonly version: number;
  readonly run: RunState;
  /** Batches of an epoch; absent if their number was not known. */
  readonly steps?: number;
  /** The optimizer's class. */
  readonly optimizer: string;
  readonly batches: number;
  /** Absent if there is a schedule. */
  readonly learningRate?: number;
  /** Whether the weights are their moving means. Default: false. */
  readonly holdsMeans?: boolean;
  /** Of each callback that has state, in their order. */
  readonly callbacks: readonly CallbackRecord[];
}

export interface CallbackRecord {
  /** Its class. */
  readonly name: string;
  readonly values: CallbackState["values"];
}

/** Reads fields, each of a certain kind, and rejects those that are not. */
class Fields {
  readonly #source: string;
  readonly #place: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(source: string, place: string, value: unknown) {
    if (!isRecord(value)) throw new FormatError(source, place, "an object", describeValue(value));
    this.#source = source;
    this.#place = place;
    this.#fields = value;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  #take<Value>(name: string, expected: string, isOne: (value: unknown) => value is Value): Value {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    if (isOne(value)) return value;
    throw new FormatError(this.#source, `${this.#place}.${name}`, expected, describeValue(value));
  }

  count(name: string, most: number = Number.MAX_SAFE_INTEGER): number {
    const isCount = (value: unknown): value is number =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
    return this.#take(name, `an integer in [0, ${most}]`, isCount);
  }

  number(name: string, least: number = -Number.MAX_VALUE): number {
    const isOne = (value: unknown): value is number => Number.isFinite(value) && Number(value) >= least;
    return this.#take(name, least === 0 ? "a number of at least 0" : "a finite number", isOne);
  }

  /** JSON writes null for what is not finite. */
  numberOrNaN(name: string): number {
    return this.#fields[name] === null ? Number.NaN : this.number(name);
  }

  flag(name: string): boolean {
    return this.#take(name, "true or false", (value): value is boolean => typeof value === "boolean");
  }

  text(name: string): string {
    return this.#take(name, "text", (value): value is string => typeof value === "string");
  }

  /** Numbers, with null for those that JSON cannot write. */
  numbers(name: string): readonly number[] {
    const isList = (value: unknown): value is readonly (number | null)[] =>
      Array.isArray(value) && value.every((each) => each === null || typeof each === "number");
    return this.#take(name, "a list of numbers", isList).map((each) => each ?? Number.NaN);
  }

  list<Item>(name: string, read: (fields: Fields) => Item): readonly Item[] {
    const items = this.#take(name, "a list", (value): value is readonly unknown[] => Array.isArray(value));
    return items.map((item, index) => read(new Fields(this.#source, `${this.#place}.${name}[${index}]`, item)));
  }

  record<Item>(name: string, read: (fields: Fields, key: string) => Item): Readonly<Record<string, Item>> {
    const fields = this.fields(name);
    return Object.fromEntries(Object.keys(fields.#fields).map((key) => [key, read(fields, key)]));
  }

  fields(name: string): Fields {
    return new Fields(this.#source, `${this.#place}.${name}`, this.#fields[name]);
  }

  get value(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }
}

/** A backup's record, every field of its kind and in its range. @throws {FormatError} one is not. */
export function parseBackupRecord(value: unknown, source: string): BackupRecord {
  const fields = new Fields(source, "training", value);
  const version = fields.count("version");
  if (version !== backupVersion) {
    throw new FormatError(source, "training.version", `${backupVersion}`, `${version}`);
  }
  return {
    version,
    run: readRun(fields.fields("run")),
    ...(fields.has("steps") ? { steps: fields.count("steps") } : {}),
    optimizer: fields.text("optimizer"),
    batches: fields.count("batches"),
    ...(fields.has("learningRate") ? { learningRate: fields.number("learningRate", 0) } : {}),
    ...(fields.has("holdsMeans") ? { holdsMeans: fields.flag("holdsMeans") } : {}),
    callbacks: fields.list("callbacks", (each) => ({
      name: each.text("name"),
      values: each.record("values", (values, key) => values.numberOrNaN(key)),
    })),
  };
}

function readRun(fields: Fields): RunState {
  return {
    epoch: fields.count("epoch"),
    begun: fields.flag("begun"),
    step: fields.count("step"),
    ...(fields.has("totals") ? { totals: readTotals(fields.fields("totals")) } : {}),
    random: fields.record("random", (states, path) => {
      const { algorithm, words } = states.fields(path).value;
      // The run rejects what it does not understand.
      return RandomStream.restore({ algorithm, words } as RandomState).save();
    }),
    ...(fields.has("fingerprint") ? { fingerprint: fields.text("fingerprint") } : {}),
    ...(fields.has("seed") ? { seed: fields.count("seed", 2 ** 32 - 1) } : {}),
  };
}

function readTotals(fields: Fields): TotalsState {
  return {
    loss: fields.number("loss"),
    examples: fields.count("examples"),
    outputs: fields.list("outputs", (output) => ({
      loss: output.number("loss"),
      metrics: output.list("metrics", (metric) => ({ sums: metric.numbers("sums"), count: metric.number("count", 0) })),
    })),
  };
}
