import type { Model } from "@featuremap/layers";
import { type FixedShape, HostArray } from "@featuremap/tensor";
import { Trainer } from "@featuremap/training";
import { type KerasSeed, kerasUniform } from "./keras-random.ts";
import { lessons } from "./models.ts";
import golden from "./networks.golden.json" with { type: "json" };

type Golden = (typeof golden.networks)[number];

/** What five steps of training give. */
export interface NetworkNumbers {
  /** Weights of the whole network. */
  readonly parameters: number;
  /** The loss of each step's batch, before the step. */
  readonly losses: readonly number[];
  /** For each weight, the root of the sum of squares of its change in all steps: in Keras's order of weights. */
  readonly changes: readonly number[];
}

/** A network of the lessons. */
export interface Network {
  readonly name: string;
  /** What Keras gives. */
  readonly expected: NetworkNumbers;
  /** Builds it with Keras's initial weights, and trains it on the device in use; keeps no tensor. */
  readonly train: () => Promise<NetworkNumbers>;
}

/** Networks N1 to N6. The module needs neither Node nor a page, nor any device in particular. */
export const networks: readonly Network[] = golden.networks.map((entry) => ({
  name: entry.name,
  expected: { parameters: entry.parameters, losses: entry.losses, changes: entry.changes },
  train: () => train(entry),
}));

/**
 * Tells what is farther from Keras's numbers than allowed.
 *
 * @param tolerance as a share of each of Keras's numbers
 */
export function differences(actual: NetworkNumbers, expected: NetworkNumbers, tolerance: number): readonly string[] {
  const found = actual.parameters === expected.parameters ? [] : [`there are ${actual.parameters} parameters`];
  for (const part of ["losses", "changes"] as const) {
    if (actual[part].length !== expected[part].length) found.push(`there are ${actual[part].length} ${part}`);
    for (const [index, wanted] of expected[part].entries()) {
      const value = actual[part][index] ?? Number.NaN;
      // Written so that NaN is far from everything.
      if (!(Math.abs(value - wanted) <= tolerance * wanted))
        found.push(`${part}[${index}] is ${value}, must be ${wanted}`);
    }
  }
  return found;
}

async function train(entry: Golden): Promise<NetworkNumbers> {
  const lesson = lessons[entry.name];
  if (!lesson) throw new Error(`there is no network ${entry.name}`);
  const model = lesson.build(entry.dropoutSeeds.map(seedOf));
  const initial = initialWeights(model, entry.kernelSeeds);
  model.setWeights(initial);
  const rescales = model.layers.some(({ className }) => className === "Rescaling");
  const { loss, ...config } = lesson.config();
  const trainer = new Trainer(model, { loss, ...config });
  const losses: number[] = [];
  for (const [step, shape] of entry.batches.entries()) {
    const x = images(shape, entry.imageSeed + step, rescales);
    const y = labels(shape, step, model.output.shape.at(-1) ?? 0, loss === "categorical_crossentropy");
    losses.push((await trainer.trainOnBatch({ x, y }))["loss"] ?? Number.NaN);
  }
  const final = await model.getWeights();
  const numbers = {
    parameters: model.countParams(),
    losses,
    changes: initial.map((from, at) => distance(from, final[at])),
  };
  trainer.dispose();
  model.dispose();
  return numbers;
}

function seedOf([seed = 0, count = 0]: readonly number[]): KerasSeed {
  return [seed, count];
}

/** Kernels by Glorot's uniform distribution, biases of 0: what Keras's layers take unless told otherwise. */
function initialWeights(model: Model, kernelSeeds: readonly number[]): HostArray<Float32Array>[] {
  const seeds = kernelSeeds.values();
  return model.weights.map(({ shape }) => {
    if (shape.length === 1) return new HostArray(new Float32Array(shape[0] ?? 0), shape);
    const window = shape.slice(0, -2).reduce((size, length) => size * length, 1);
    const fanAverage = (window * ((shape.at(-2) ?? 1) + (shape.at(-1) ?? 1))) / 2;
    const limit = Math.sqrt(3 / fanAverage);
    return kerasUniform(shape, -limit, limit, [seeds.next().value ?? 0, 0]);
  });
}

/** Bytes, or those divided by 255 where the network does not do that. */
function images(shape: FixedShape, seed: number, rescales: boolean): HostArray<Float32Array> {
  const pixels = kerasUniform(shape, 0, 256, [seed, 0]).data.map(Math.floor);
  return new HostArray(rescales ? pixels : pixels.map((pixel) => pixel / 255), shape);
}

/** One class after the other: indices, ones and zeros, or one-hot rows. */
function labels(shape: FixedShape, step: number, outputs: number, oneHot: boolean): HostArray {
  const size = shape[0] ?? 0;
  const classes = Int32Array.from({ length: size }, (_, row) => ((row + step * size) * 7) % Math.max(2, outputs));
  if (oneHot) {
    const rows = new Float32Array(size * outputs);
    for (const [row, index] of classes.entries()) rows[row * outputs + index] = 1;
    return new HostArray(rows, [size, outputs]);
  }
  return outputs > 1 ? new HostArray(classes, [size]) : new HostArray(Float32Array.from(classes), [size, 1]);
}

function distance(from: HostArray<Float32Array>, to: HostArray | undefined): number {
  return Math.sqrt(from.data.reduce((sum, value, index) => sum + ((to?.data[index] ?? Number.NaN) - value) ** 2, 0));
}
