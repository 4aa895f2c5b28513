import type { ImageFiles } from "@featuremap/datasets";
import type { Preprocessing } from "@featuremap/images";
import { type Model, type OutputMeaning, isAlwaysOne, outputMeaning } from "@featuremap/layers";
import { AbortedError, HostArray, InvalidConfigError, NonFiniteError } from "@featuremap/tensor";
import { inputsOf, readingFor } from "./model-inputs.ts";
import { type OutputReading, readProbabilities } from "./probabilities.ts";
import type { Predictions } from "./report-data.ts";

/** How files are read and the network is asked. */
export interface Asking {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  readonly classNames: readonly string[];
  readonly outputs: OutputMeaning | undefined;
  readonly batchSize: number;
  readonly workers: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Of the right class, below which its logarithm is not taken. */
const leastProbability = 1e-7;

/**
 * How the outputs are read.
 *
 * @throws {InvalidConfigError} nobody says what they mean, or they are of another number than the classes.
 */
export function readingOf(owner: string, { model, classNames, outputs }: Asking): OutputReading {
  const meaning = outputs ?? outputMeaning(model);
  if (meaning === "unknown") {
    const expected = '"probabilities", "logits" or "binaryLogits", for the layers do not tell what the outputs are';
    throw new InvalidConfigError(owner, "outputs", expected, outputs);
  }
  const units = model.output.shape.at(-1) ?? 0;
  const classes = classNames.length;
  if (units !== classes && !(units === 1 && classes === 2)) {
    const expected = `${units === 1 ? "1 or 2" : units}, as many as the network tells apart`;
    throw new InvalidConfigError(owner, "number of classNames", expected, classes);
  }
  return { meaning, units, classes, isOwn: units === 1 && classes === 1 && isAlwaysOne(model) };
}

/**
 * What the network answers for the pictures of files. At any time a few batches of pictures are in memory; of each picture
 * a few numbers are kept.
 *
 * @throws {NonFiniteError} it gives NaN or infinity for one.
 * @throws {AbortedError} the signal was raised.
 */
export async function predictFiles(
  owner: string,
  files: ImageFiles,
  asking: Asking,
  onProgress: (done: number, total: number) => void,
): Promise<Predictions> {
  const reading = readingOf(owner, asking);
  const { preprocessing, batchSize, workers, signal } = asking;
  const columns = new Columns(files.size);
  const pictures = files.images(readingFor(preprocessing, workers)).batch(batchSize).prefetch(2);
  let place = 0;
  for await (const examples of pictures) {
    if (signal?.aborted === true) throw new AbortedError(owner);
    const rows = await answersFor(
      asking,
      examples.map(({ image }) => image),
    );
    for (const [index, { path, label }] of examples.entries()) {
      // Files that cannot be read are left out.
      while (place < files.size && files.filePaths[place] !== path) place += 1;
      columns.add(place, path, label, rows.subarray(index * reading.units, (index + 1) * reading.units), reading);
      place += 1;
    }
    onProgress(place, files.size);
  }
  return columns.take();
}

/** What the network gives for pictures, one row after the other. */
async function answersFor(
  { model, preprocessing }: Asking,
  pictures: Parameters<typeof inputsOf>[1],
): Promise<Float32Array> {
  const inputs = inputsOf(model, pictures, preprocessing);
  const fixed = model.inputShape[0] ?? null;
  if (fixed === null || fixed === pictures.length) return run(model, inputs);
  // A network of fixed batch length gets zeros after the last picture.
  const entry = inputs.size / pictures.length;
  const parts: Float32Array[] = [];
  for (let from = 0; from < pictures.length; from += fixed) {
    const part = new Float32Array(fixed * entry);
    part.set(inputs.data.subarray(from * entry, (from + fixed) * entry));
    parts.push(await run(model, new HostArray(part, [fixed, ...inputs.shape.slice(1)])));
  }
  const rows = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}

async function run(model: Model, inputs: HostArray<Float32Array>): Promise<Float32Array> {
  const output = model.predict(inputs);
  try {
    return await output.data<"float32">();
  } finally {
    output.dispose();
  }
}

class Columns {
  readonly #places: Int32Array;
  readonly #paths: string[] = [];
  readonly #labels: Int32Array;
  readonly #predicted: Int32Array;
  readonly #probabilities: Float32Array;
  readonly #losses: Float32Array;
  readonly #amongFive: Uint8Array;
  #row = new Float64Array(0);

  constructor(most: number) {
    this.#places = new Int32Array(most);
    this.#labels = new Int32Array(most);
    this.#predicted = new Int32Array(most);
    this.#probabilities = new Float32Array(most);
    this.#losses = new Float32Array(most);
    this.#amongFive = new Uint8Array(most);
  }

  add(place: number, path: string, label: number, outputs: Float32Array, reading: OutputReading): void {
    if (this.#row.length !== reading.classes) this.#row = new Float64Array(reading.classes);
    const row = this.#row;
    readProbabilities(outputs, reading, row);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new NonFiniteError(`The network gives ${outputs[wrong] ?? outputs[0]} for ${path}.`);
    // Of a single number exactly one half speaks for the first class, as where the network classifies.
    let best = 0;
    let above = 0;
    const right = row[label] ?? 0;
    for (let index = 0; index < row.length; index++) {
      const value = row[index] ?? 0;
      if (value > (row[best] ?? 0)) best = index;
      if (value > right || (value === right && index < label)) above += 1;
    }
    const at = this.#paths.push(path) - 1;
    this.#places[at] = place;
    this.#labels[at] = label;
    this.#predicted[at] = best;
    this.#probabilities[at] = Math.min(row[best] ?? 0, 1);
    this.#losses[at] = Math.max(-Math.log(Math.max(right, leastProbability)), 0);
    this.#amongFive[at] = above < 5 ? 1 : 0;
  }

  take(): Predictions {
    const count = this.#paths.length;
    return {
      places: this.#places.subarray(0, count),
      paths: this.#paths,
      labels: this.#labels.subarray(0, count),
      predicted: this.#predicted.subarray(0, count),
      probabilities: this.#probabilities.subarray(0, count),
      losses: this.#losses.subarray(0, count),
      amongFive: this.#amongFive.subarray(0, count),
    };
  }
}
