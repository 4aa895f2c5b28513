import { throwIfAborted } from "@featuremap/files";
import { type Preprocessing, preprocessPixels } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { HostArray, RandomStream, UnavailableError, sizeOf } from "@featuremap/tensor";
import { asInputOf } from "../../pictures/model-inputs.ts";
import { openPicture } from "../../pictures/open-picture.ts";
import { findPictures } from "../predict/pictures/find-pictures.ts";

/** How far the answers of two models are apart. */
export interface Difference {
  /** How many inputs both were given. */
  readonly inputs: number;
  /** The largest distance of two answers to one input. */
  readonly largest: number;
  /** The largest number among the model's own answers, by which the distance is judged; NaN where one is no finite number. */
  readonly scale: number;
}

/**
 * Makes sure that a folder has pictures to compare on.
 *
 * @throws {UnavailableError} there is no such folder, or no picture in it.
 */
export async function requirePictures(folder: string): Promise<void> {
  for await (const found of findPictures({ words: [folder] })) {
    if (found.kind === "wrong") throw found.error;
    if (found.kind !== "picture") continue;
    // A name that is none of a folder is taken for a picture, whether it is there or not.
    await openPicture(found.name);
    return;
  }
  throw noPicture(folder);
}

function noPicture(folder: string): UnavailableError {
  return new UnavailableError(`There is no picture in ${folder}`, "Name another folder behind --verify.");
}

/** Random inputs, and the most pictures, that are compared. */
const randomInputs = 4;
const mostPictures = 32;
/** Length that is taken for an axis of any length. */
const usualLength = 32;

/** Compares two models on random inputs between -1 and 1, the same each time. */
export function compareOnRandom(first: Model, second: Model): Difference {
  const random = new RandomStream(1);
  const inputs = first.inputs.map(({ shape }) => {
    const fixed = [randomInputs, ...shape.slice(1).map((length) => length ?? usualLength)];
    const values = Float32Array.from({ length: sizeOf(fixed) }, () => random.uniform() * 2 - 1);
    return new HostArray(values, fixed);
  });
  return compare(first, second, inputs, randomInputs);
}

/**
 * Compares two models on the first pictures of a folder.
 *
 * @throws {UnavailableError} there is none. @throws {FormatError} one is damaged. @throws {AbortedError} the signal was raised.
 */
export async function compareOnPictures(
  first: Model,
  second: Model,
  { folder, preprocessing, signal, onPicture }: PictureSource,
): Promise<Difference> {
  let all: Difference = { inputs: 0, largest: 0, scale: 0 };
  for await (const found of findPictures({ words: [folder] })) {
    if (found.kind === "wrong") throw found.error;
    if (found.kind !== "picture") continue;
    throwIfAborted(folder, signal);
    const picture = await (await openPicture(found.name)).decode(preprocessing.channels, preprocessing.orientation);
    const { data, shape } = preprocessPixels(picture, preprocessing);
    const input = asInputOf(first, new HostArray(data, [1, ...shape]));
    const { largest, scale } = compare(first, second, [input], 1);
    all = { inputs: all.inputs + 1, largest: worst(all.largest, largest), scale: worst(all.scale, scale) };
    onPicture?.(all.inputs);
    if (all.inputs === mostPictures) break;
  }
  if (all.inputs > 0) return all;
  throw noPicture(folder);
}

/** Pictures, and how they become inputs. */
export interface PictureSource {
  readonly folder: string;
  readonly preprocessing: Preprocessing;
  readonly signal?: AbortSignal | undefined;
  /** Called after each, with how many there were. */
  readonly onPicture?: ((count: number) => void) | undefined;
}

function compare(first: Model, second: Model, inputs: readonly HostArray[], count: number): Difference {
  const [own, other] = [first, second].map((model) => {
    const outputs = model.predictAll(inputs);
    const values = outputs.map((output) => output.dataSync());
    for (const output of outputs) output.dispose();
    return values;
  });
  let difference: Difference = { inputs: count, largest: own?.length === other?.length ? 0 : Number.NaN, scale: 0 };
  own?.forEach((values, index) => {
    const others = other?.[index] ?? [];
    values.forEach((value, place) => {
      const largest = worst(difference.largest, Math.abs(value - Number(others[place])));
      difference = { ...difference, largest, scale: worst(difference.scale, sizeOfAnswer(value)) };
    });
  });
  return difference;
}

function sizeOfAnswer(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : Number.NaN;
}

/** NaN is worse than any distance. */
function worst(first: number, second: number): number {
  return Number.isNaN(first) || Number.isNaN(second) ? Number.NaN : Math.max(first, second);
}
