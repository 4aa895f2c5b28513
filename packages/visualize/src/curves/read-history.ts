import { InvalidConfigError } from "@featuremap/tensor";
import { requireNumbers, requireRecord } from "../svg/drawing-options.ts";
import type { Curve } from "./curve.ts";

/** Loss and metrics of epochs, as `trainer.fit` gives them. */
export interface CurveHistory {
  /** Number of each epoch, counted from 0. Default: from 0 on. */
  readonly epoch?: readonly number[] | undefined;
  /** A number for each epoch: each metric by its name, and with `val_` before it on validation data. */
  readonly history: Readonly<Record<string, ArrayLike<number>>>;
}

/** A metric's two curves, over epochs that are counted from 1. */
export interface Metric {
  readonly name: string;
  readonly train: Curve | undefined;
  readonly validation: Curve | undefined;
}

const prefix = "val_";

/**
 * Pairs what a history has of training and of validation.
 *
 * @throws {InvalidConfigError} it is not a history, or a metric has another number of values than there are epochs for it.
 */
export function readHistory(owner: string, given: CurveHistory, validationFreq: unknown = 1): readonly Metric[] {
  const expected = "a History, as returned by trainer.fit";
  const { epoch, history } = requireRecord(owner, "history", expected, given) as Partial<CurveHistory>;
  if (history === undefined)
    throw new InvalidConfigError(owner, "history", `${expected}, or { history } of its lists`, given);
  const named = Object.entries(requireRecord(owner, "history.history", "lists of numbers by name", history));
  const values = new Map(named.map(([name, list]) => [name, requireNumbers(owner, `history.${name}`, list)]));
  const isValidated = validatedEpochs(owner, validationFreq);
  const count = [...values].reduce((most, [, list]) => Math.max(most, list.length), 0);
  const numbers = epoch === undefined ? Array.from({ length: count }, (_, index) => index) : checkEpochs(owner, epoch);
  const after = numbers.map((number) => number + 1);
  const curve = (key: string, places: readonly number[]): Curve | undefined => {
    const y = values.get(key);
    if (y === undefined) return undefined;
    if (y.length === places.length) return { name: key, x: places, y };
    const wanted = `${places.length} values${key.startsWith(prefix) ? " (validationFreq tells plotCurves which epochs)" : ""}`;
    throw new InvalidConfigError(owner, `history.${key}`, wanted, `${y.length} values`);
  };
  const names = new Set(
    [...values.keys()].map((key) => (isOfValidation(key, values) ? key.slice(prefix.length) : key)),
  );
  return [...names].map((name) => ({
    name,
    train: curve(name, after),
    validation: curve(prefix + name, after.filter(isValidated)),
  }));
}

/** A metric of your own may begin with `val_`; it is validation's where training has it too, or where nothing else can be. */
function isOfValidation(key: string, values: ReadonlyMap<string, unknown>): boolean {
  return key.startsWith(prefix) && key.length > prefix.length && !values.has(prefix + key);
}

function checkEpochs(owner: string, epochs: unknown): readonly number[] {
  const numbers = Array.from(requireNumbers(owner, "history.epoch", epochs));
  const ascend = numbers.every((epoch, index) => Number.isInteger(epoch) && epoch > (numbers[index - 1] ?? -1));
  if (!ascend) throw new InvalidConfigError(owner, "history.epoch", "ascending integers from 0", epochs);
  return numbers;
}

/** Whether validation followed an epoch that is counted from 1. */
function validatedEpochs(owner: string, freq: unknown): (epoch: number) => boolean {
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
  if (isCount(freq)) return (epoch) => epoch % freq === 0;
  if (Array.isArray(freq) && freq.every(isCount)) return (epoch) => freq.includes(epoch);
  throw new InvalidConfigError(owner, "validationFreq", "an integer above 0, or a list of them", freq);
}
