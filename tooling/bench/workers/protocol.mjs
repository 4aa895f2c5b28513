import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dataFolder } from "../works/data-folder.mjs";
import { classCount, networks } from "../works/networks.mjs";
import { findWork } from "../works/works.mjs";

/** @import { NetworkName } from "../works/networks.mjs" */
/** @import { Work } from "../works/works.mjs" */

/** @typedef {{ readonly shape: number[], readonly values: Float32Array }} Weight */

/**
 * What a peer can do with a network. Each function does its work `times` times over and returns once it is done.
 *
 * @typedef {object} PeerModel
 * @property {number} parameters Number of weights.
 * @property {(times: number) => Promise<number>} [train] So many batches, going on from the last; gives their mean loss.
 * @property {(times: number) => Promise<ArrayLike<number>>} [predict] The same batch again and again, from numbers to
 *   numbers; gives its outputs.
 * @property {() => void} [dispose] Frees what the collector does not.
 */

/**
 * @typedef {object} PeerImplementation
 * @property {Readonly<Record<string, string>>} versions
 * @property {number} threads
 * @property {(work: Work) => Promise<PeerModel>} build
 */

const [cacheArgument, threadsArgument] = process.argv.slice(2);

/** Folder with the installed peers. */
export const cache = String(cacheArgument);

/** Threads that the peer is to use. */
export const threads = Number(threadsArgument);

/** Seconds of work before a work is first measured. */
const warmUp = 0.5;
/** Steps or predictions of one measurement. */
const fewest = 5;

/** @param {string} name */
function readNumbers(name) {
  const { buffer, byteOffset, byteLength } = readFileSync(join(dataFolder(cache), name));
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** A network's first weights by node, of those that have any, in Keras's order and layout. @param {NetworkName} name */
export function readWeights(name) {
  const numbers = new Float32Array(readNumbers(`${name}-weights.f32`));
  let begin = 0;
  /** @type {Map<string, Weight[]>} */
  const weights = new Map();
  for (const node of networks[name].nodes) {
    const own = node.weights.map((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      begin += size;
      return { shape: [...shape], values: numbers.subarray(begin - size, begin) };
    });
    if (own.length > 0) weights.set(node.name, own);
  }
  return weights;
}

/**
 * A network's training images in batches of one size, in their order; the last, smaller one is left out.
 *
 * @param {NetworkName} name
 * @param {number} batchSize
 * @returns {{ shape: [number, number, number, number], x: Float32Array, y: Int32Array }[]}
 */
export function readBatches(name, batchSize) {
  const { images: set, input } = networks[name];
  const images = new Float32Array(readNumbers(`${set}-images.f32`));
  const labels = new Int32Array(readNumbers(`${set}-labels.i32`));
  const size = input[0] * input[1] * input[2];
  return Array.from({ length: Math.floor(labels.length / batchSize) }, (_, index) => {
    const [first, last] = [index * batchSize, (index + 1) * batchSize];
    return {
      shape: [batchSize, ...input],
      x: images.subarray(first * size, last * size),
      y: labels.subarray(first, last),
    };
  });
}

/** Labels as rows of zeros and a one. @param {Int32Array} labels */
export function oneHot(labels) {
  const rows = new Float32Array(labels.length * classCount);
  for (const [index, label] of labels.entries()) rows[index * classCount + label] = 1;
  return rows;
}

/** Goes through a list again and again. @template Item @param {readonly Item[]} items @returns {Generator<Item, never>} */
export function* endlessly(items) {
  for (;;) yield* items;
}

/** Answers what `../peers/peer-process.mjs` asks, one line of JSON each. @param {PeerImplementation} implementation */
export async function serve({ versions, threads: used, build }) {
  /** @type {MeasuredModel | undefined} */
  let model;
  answer({ versions, threads: used });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    try {
      if (request.prepare !== undefined) {
        const work = findWork(request.prepare);
        // One work at a time: what the last one held is free for this one.
        model?.dispose();
        model = new MeasuredModel(work, await build(work));
        answer(await model.prepare(request.checkSteps));
      } else {
        if (model === undefined || model.name !== request.measure)
          throw new Error(`${request.measure} is not prepared`);
        answer(await model.measure(request.seconds));
      }
    } catch (error) {
      console.error(error);
      answer({ error: describe(error) });
    }
  }
  process.exit(0);
}

/** @param {object} message */
function answer(message) {
  // Libraries print to standard output too.
  process.stdout.write(`bench: ${JSON.stringify(message)}\n`);
}

/** An error's message, with what caused it. @param {unknown} error @returns {string} */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describe(error.cause)})`;
}

class MeasuredModel {
  /** Repetitions a second. */
  #rate = 0;
  /** @type {Work} */
  #work;
  /** @type {PeerModel} */
  #model;

  /** @param {Work} work @param {PeerModel} model */
  constructor(work, model) {
    this.#work = work;
    this.#model = model;
  }

  get name() {
    return this.#work.name;
  }

  dispose() {
    this.#model.dispose?.();
  }

  /** Shows that the work is the right one, and warms up. @param {number} checkSteps */
  async prepare(checkSteps) {
    const { train, predict, parameters } = this.#model;
    /** @type {object} */
    let check = {};
    if (this.#work.kind === "train" && train !== undefined) {
      const firstLoss = await train(1);
      // The last quarter, at least four batches, tells whether it learns.
      const last = Math.max(4, Math.floor(checkSteps / 4));
      await train(checkSteps - 1 - last);
      check = { parameters, firstLoss, lastLoss: await train(last) };
    } else if (predict !== undefined) {
      check = { parameters, outputs: Array.from(await predict(1)) };
    }
    let times = 1;
    for (let seconds = 0; seconds < warmUp; times *= 2) {
      seconds = await this.#repeat(times);
      this.#rate = times / seconds;
    }
    return check;
  }

  /** @param {number} seconds About as long as it is to take. */
  async measure(seconds) {
    // Another program has had the caches since the last time.
    await this.#repeat(1);
    const times = Math.max(fewest, Math.round(this.#rate * seconds));
    const taken = await this.#repeat(times);
    this.#rate = times / taken;
    return { images: times * this.#work.batchSize, seconds: taken };
  }

  /** @param {number} times @returns {Promise<number>} Seconds. */
  async #repeat(times) {
    const { train, predict } = this.#model;
    const began = performance.now();
    const outcome = this.#work.kind === "train" ? await train?.(times) : (await predict?.(times))?.[0];
    const seconds = (performance.now() - began) / 1000;
    if (!Number.isFinite(outcome)) throw new Error(`${this.#work.name}: the result is ${outcome}`);
    return seconds;
  }
}
