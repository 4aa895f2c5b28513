import type { Model } from "@featuremap/layers";
import { HostArray, NonFiniteError, sizeOf } from "@featuremap/tensor";
import { inputParts } from "../pictures/model-inputs.ts";
import { crossentropyOfLogits, crossentropyOfProbabilities, leastExact, meanCrossentropy } from "./crossentropy.ts";
import { logitsBehind } from "./logits-behind.ts";
import { type OutputReading, readProbabilities } from "./probabilities.ts";

/** What a network says of some pictures. */
export interface Answers {
  /** Of each picture, the probabilities of all classes. */
  readonly rows: readonly Float64Array[];
  /** Of each picture, `-ln` of the right class's probability, as in training. */
  readonly losses: readonly number[];
}

/** Whom to ask, and how to read the answers. */
export interface Asked {
  readonly model: Model;
  readonly reading: OutputReading;
  /** What errors call a picture. */
  readonly nameOf: (index: number) => string;
}

/**
 * Asks a network about pictures whose classes are known.
 *
 * @param inputs `[pictures, ...]`
 * @throws {NonFiniteError} it gives NaN or infinity for one, or excludes its class altogether.
 */
export async function askNetwork(
  asked: Asked,
  inputs: HostArray<Float32Array>,
  labels: readonly number[],
): Promise<Answers> {
  const { model, reading, nameOf } = asked;
  const { units, classes } = reading;
  const outputs = await outputsOf(model, inputs);
  const rows = labels.map((_, index) => {
    const own = outputs.subarray(index * units, (index + 1) * units);
    const row = new Float64Array(classes);
    readProbabilities(own, reading, row);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new NonFiniteError(`The network gives ${own[wrong] ?? own[0]} for ${nameOf(index)}.`);
    return row;
  });
  const losses = await lossesOf(asked, inputs, labels, { outputs, rows });
  const wrong = losses.findIndex((loss) => !Number.isFinite(loss));
  if (wrong >= 0) throw new NonFiniteError(`The network's loss is ${losses[wrong]} for ${nameOf(wrong)}.`);
  return { rows, losses };
}

/** The mean of two answers to each picture. */
export function meanAnswers(one: Answers, other: Answers): Answers {
  return {
    rows: one.rows.map((row, index) =>
      row.map((value, label) => (value + (other.rows[index]?.[label] ?? Number.NaN)) / 2),
    ),
    losses: one.losses.map((loss, index) => meanCrossentropy(loss, other.losses[index] ?? Number.NaN)),
  };
}

/** What the network gives for pictures, one row after the other. */
async function outputsOf(model: Model, inputs: HostArray<Float32Array>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const part of inputParts(model, inputs)) {
    const output = model.predict(part);
    try {
      parts.push(await output.data<"float32">());
    } finally {
      output.dispose();
    }
  }
  const [first = new Float32Array()] = parts;
  return parts.length === 1 ? first : Float32Array.from(parts.flatMap((part) => [...part]));
}

async function lossesOf(
  { model, reading }: Asked,
  inputs: HostArray<Float32Array>,
  labels: readonly number[],
  { outputs, rows }: { readonly outputs: Float32Array; readonly rows: readonly Float64Array[] },
): Promise<readonly number[]> {
  const { meaning, units } = reading;
  if (meaning !== "probabilities") {
    return labels.map((label, index) =>
      crossentropyOfLogits(outputs.subarray(index * units, (index + 1) * units), label, meaning),
    );
  }
  const losses = labels.map((label, index) => crossentropyOfProbabilities(rows[index] ?? [], label, reading));
  const rare = labels.flatMap((label, index) =>
    (rows[index]?.[label] ?? 0) < leastExact(label, reading) ? [{ label, index }] : [],
  );
  if (rare.length === 0) return losses;
  const places = rare.map(({ index }) => index);
  const logits = await logitsBehind(model, selectRows(inputs, places), units);
  if (logits === undefined) return losses;
  for (const [at, { label, index }] of rare.entries()) {
    losses[index] = crossentropyOfLogits(logits.rows[at] ?? [], label, logits.meaning);
  }
  return losses;
}

function selectRows({ data, shape }: HostArray<Float32Array>, places: readonly number[]): HostArray<Float32Array> {
  const entry = shape.slice(1);
  const size = sizeOf(entry);
  const chosen = new Float32Array(places.length * size);
  places.forEach((place, at) => chosen.set(data.subarray(place * size, (place + 1) * size), at * size));
  return new HostArray(chosen, [places.length, ...entry]);
}
