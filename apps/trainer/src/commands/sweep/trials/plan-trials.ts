import { InvalidConfigError, RandomStream } from "@featuremap/tensor";
import type { PlainOption, Space, SpaceEntry, SpaceRange } from "../../../options/option.ts";
import { isRange } from "../../../options/space.ts";

/** One combination of values. */
export interface Trial {
  /** From 1. */
  readonly trial: number;
  /** By the names of options. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is tried. */
export interface TrialSpace {
  /** Every value with every other. */
  readonly grid: Space;
  /** Drawn from. */
  readonly random: Space;
  /** Draws for each combination of the grid. */
  readonly trials: number;
  readonly seed: number;
  /** Options by name: which draws are whole numbers. */
  readonly of: Readonly<Record<string, PlainOption>>;
}

/** Trials at most: more are a mistake. */
const mostTrials = 10_000;
/** Draws after which it is taken that all has been drawn. */
const mostDraws = 200;
/** Digits of a drawn number: as many as tell, and as few as can be read. */
const digits = 4;

/**
 * The trials of a sweep: each combination of the grid, as often as values are drawn. No two are alike; where the lists have no
 * more combinations there are fewer than asked for.
 *
 * A trial depends on the seed and its number alone: with more draws the first ones are those of before.
 *
 * @throws {InvalidConfigError} an option stands in both, nothing is tried, or too much.
 */
export function planTrials({ grid, random, trials, seed, of }: TrialSpace): Trial[] {
  const both = Object.keys(random).find((name) => Object.hasOwn(grid, name));
  if (both !== undefined)
    throw new InvalidConfigError("sweep", "--random", `without ${both}, which is in --grid`, both);
  const combinations = product(grid);
  const isDrawn = Object.keys(random).length > 0;
  if (!isDrawn && Object.keys(grid).length === 0) {
    throw new InvalidConfigError("sweep", "--grid or --random", "given, as --grid learningRate=0.01,0.05", "neither");
  }
  const draws = isDrawn ? trials : 1;
  if (combinations.length * draws > mostTrials) {
    const expected = `such that there are at most ${mostTrials} trials`;
    throw new InvalidConfigError("sweep", "--grid and --trials", expected, combinations.length * draws);
  }
  const seeds = new RandomStream(seed).fork("sweep");
  const planned: Trial[] = [];
  const known = new Set<string>();
  for (let draw = 0; draw < draws; draw++) {
    for (const [index, combination] of combinations.entries()) {
      const stream = seeds.fork(`trial ${draw * combinations.length + index + 1}`);
      for (let attempt = 0; attempt < (isDrawn ? mostDraws : 1); attempt++) {
        const values = { ...combination, ...drawn(random, of, stream) };
        const text = JSON.stringify(values);
        if (known.has(text)) continue;
        known.add(text);
        planned.push({ trial: planned.length + 1, values });
        break;
      }
    }
  }
  return planned;
}

/** Every value of each entry with every value of the others; the last name changes first. */
function product(grid: Space): Readonly<Record<string, unknown>>[] {
  let combinations: Readonly<Record<string, unknown>>[] = [{}];
  for (const [name, entry] of Object.entries(grid)) {
    if (isRange(entry)) throw new InvalidConfigError("sweep", "--grid", "lists of values", name);
    if (combinations.length * entry.length > mostTrials) {
      const expected = `such that there are at most ${mostTrials} trials`;
      throw new InvalidConfigError("sweep", "--grid", expected, combinations.length * entry.length);
    }
    combinations = combinations.flatMap((before) => entry.map((value) => ({ ...before, [name]: value })));
  }
  return combinations;
}

function drawn(random: Space, of: TrialSpace["of"], stream: RandomStream): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(random).map(([name, entry]) => [name, drawOne(entry, of[name]?.kind === "integer", stream)]),
  );
}

function drawOne(entry: SpaceEntry, isWhole: boolean, stream: RandomStream): unknown {
  if (!isRange(entry)) return entry[stream.integer(entry.length)];
  return isWhole ? drawWhole(entry, stream) : within(entry, Number(drawNumber(entry, stream).toPrecision(digits)));
}

function drawNumber({ min, max, scale }: SpaceRange, stream: RandomStream): number {
  return scale === "log" ? Math.exp(stream.uniform(Math.log(min), Math.log(max))) : stream.uniform(min, max);
}

/** Both ends are as likely as what lies between. */
function drawWhole({ min, max, scale }: SpaceRange, stream: RandomStream): number {
  return within({ min, max, scale }, Math.floor(drawNumber({ min, max: max + 1, scale }, stream)));
}

function within({ min, max }: SpaceRange, value: number): number {
  return Math.min(Math.max(value, min), max);
}
