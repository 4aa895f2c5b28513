import type { ImageFiles } from "@featuremap/datasets";
import type { Pixels, Preprocessing } from "@featuremap/images";
import { type Model, type OutputMeaning, isAlwaysOne, outputMeaning } from "@featuremap/layers";
import { AbortedError, InvalidConfigError } from "@featuremap/tensor";
import { inputsOf, readingFor } from "../pictures/model-inputs.ts";
import { type Answers, type Asked, askNetwork, meanAnswers } from "./answers.ts";
import type { OutputReading } from "./probabilities.ts";
import type { Predictions } from "./report-data.ts";

/** How files are read and the network is asked. */
export interface Asking {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  /** The network's. */
  readonly classNames: readonly string[];
  /** Which of them each class of the files is. Default: the same. */
  readonly classIndices?: readonly number[] | undefined;
  readonly outputs: OutputMeaning | undefined;
  readonly batchSize: number;
  readonly workers: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Whether the answer is the mean of those to a picture and to its mirror image. */
  readonly mirrored?: boolean | undefined;
}

/** What is known after some of the pictures. */
export interface AskedSoFar {
  /** Files that were read, or could not be. */
  readonly done: number;
  /** Pictures that were answered, the sum of their losses, and how many were right. */
  readonly images: number;
  readonly loss: number;
  readonly right: number;
  /** Milliseconds in which the network had to wait for pictures. */
  readonly waited: number;
}

/** Who hears of the answers. */
export interface AnswerHooks {
  /** After each batch. */
  readonly onProgress?: (soFar: AskedSoFar) => void;
  /** For each picture, in order, with the probabilities of all classes, which are valid until it returns. */
  readonly onAnswer?: (answer: Answer) => void;
}

/** What the network says of one picture. */
export interface Answer {
  readonly path: string;
  readonly label: number;
  readonly predicted: number;
  readonly probabilities: Float64Array;
  readonly loss: number;
}

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
 * @throws {NonFiniteError} it gives NaN or infinity for one, or excludes its class altogether.
 * @throws {AbortedError} the signal was raised.
 */
export async function predictFiles(
  owner: string,
  files: ImageFiles,
  asking: Asking,
  { onProgress, onAnswer }: AnswerHooks = {},
): Promise<Predictions> {
  const reading = readingOf(owner, asking);
  const { model, preprocessing, batchSize, workers, signal, classIndices } = asking;
  const columns = new Columns(files.size);
  const pictures = files.images(readingFor(preprocessing, workers)).batch(batchSize).prefetch(2);
  let place = 0;
  let [waited, since] = [0, performance.now()];
  for await (const examples of pictures) {
    waited += performance.now() - since;
    if (signal?.aborted === true) throw new AbortedError(owner);
    const images = examples.map(({ image }) => image);
    const labels = examples.map(({ label }) => classIndices?.[label] ?? label);
    const nameOf = (index: number): string => examples[index]?.path ?? "";
    const { rows, losses } = await answersTo(asking, images, labels, { model, reading, nameOf });
    for (const [index, { path }] of examples.entries()) {
      // Files that cannot be read are left out.
      while (place < files.size && files.filePaths[place] !== path) place += 1;
      const label = labels[index] ?? -1;
      const probabilities = rows[index] ?? new Float64Array();
      const loss = losses[index] ?? Number.NaN;
      const predicted = columns.add(place, path, label, probabilities, loss);
      onAnswer?.({ path, label, probabilities, predicted, loss });
      place += 1;
    }
    onProgress?.({ done: place, ...columns.sums, waited });
    since = performance.now();
  }
  return columns.take();
}

async function answersTo(
  { model, preprocessing, mirrored }: Asking,
  pictures: readonly Pixels[],
  labels: readonly number[],
  asked: Asked,
): Promise<Answers> {
  const answers = await askNetwork(asked, inputsOf(model, pictures, preprocessing), labels);
  if (mirrored !== true) return answers;
  const turned = inputsOf(model, pictures.map(mirrorImage), preprocessing);
  return meanAnswers(answers, await askNetwork(asked, turned, labels));
}

/** With left and right exchanged. */
function mirrorImage({ data, width, height }: Pixels): Pixels {
  const channels = data.length / (width * height);
  const turned = new Uint8Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const column = pixel % width;
    const to = pixel - column + (width - 1 - column);
    for (let channel = 0; channel < channels; channel++) {
      turned[to * channels + channel] = data[pixel * channels + channel] ?? 0;
    }
  }
  return { data: turned, width, height };
}

class Columns {
  readonly #places: Int32Array;
  readonly #paths: string[] = [];
  readonly #labels: Int32Array;
  readonly #predicted: Int32Array;
  readonly #probabilities: Float32Array;
  readonly #losses: Float32Array;
  readonly #amongFive: Uint8Array;
  #loss = 0;
  #right = 0;

  constructor(most: number) {
    this.#places = new Int32Array(most);
    this.#labels = new Int32Array(most);
    this.#predicted = new Int32Array(most);
    this.#probabilities = new Float32Array(most);
    this.#losses = new Float32Array(most);
    this.#amongFive = new Uint8Array(most);
  }

  /** Of all pictures so far. */
  get sums(): Pick<AskedSoFar, "images" | "loss" | "right"> {
    return { images: this.#paths.length, loss: this.#loss, right: this.#right };
  }

  /** @returns the predicted class */
  add(place: number, path: string, label: number, row: Float64Array, loss: number): number {
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
    this.#losses[at] = loss;
    this.#amongFive[at] = above < 5 ? 1 : 0;
    this.#loss += loss;
    if (best === label) this.#right += 1;
    return best;
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
