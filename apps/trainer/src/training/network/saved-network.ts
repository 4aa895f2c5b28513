import { type Outputs, applicationNames } from "@featuremap/applications";
import type { Preprocessing } from "@featuremap/images";
import { type Model, type OutputMeaning, outputMeaning } from "@featuremap/layers";
import { FeaturemapError, InvalidConfigError, RandomStream, UnavailableError, nearestName } from "@featuremap/tensor";
import type { TrainingData } from "../../data/training-data.ts";
import { didYouMean } from "../../options/names.ts";
import { requireFinite } from "../../models/non-finite-weight.ts";
import { readStart } from "../../models/read-start.ts";
import { findModelIfAny } from "../../models/find-model.ts";
import type { Network, NetworkOptions } from "./network-types.ts";
import { addHead, findHead, reorderHead, replaceHead } from "./network-head.ts";
import { resizeNetwork } from "./resize-network.ts";
import { tuning } from "./tuning.ts";

/** A saved model, and what has to become of it. */
interface Base {
  readonly location: string;
  readonly size: readonly [height: number, width: number];
  /** Whether pictures are of another size than it was saved for. */
  readonly isResized: boolean;
  /** Where each class of the data stands among the model's; undefined where the last layer is replaced. */
  readonly places: readonly number[] | undefined;
  readonly classes: number;
  /** Whether it gives features, and gets a last layer. */
  readonly isBase: boolean;
  readonly meaning: OutputMeaning;
  /** What the user says of its preprocessing. */
  readonly given: string | undefined;
}

/**
 * A saved model to go on from, of any format. It keeps its preprocessing; where the data have other classes than it, its last
 * layer is replaced by a new one, and a base that gives features gets one.
 *
 * @param owner the command that asks, for errors
 * @throws {InvalidConfigError} nothing is called so, or it takes no pictures of the size asked for.
 * @throws {UnavailableError} its outputs are not known, or its last layer cannot be replaced.
 * @throws {FormatError} its weights are not all finite numbers.
 */
export async function savedNetwork(
  owner: string,
  named: string,
  data: TrainingData,
  { imageSize, preprocessing: given, weights }: Omit<NetworkOptions, "model">,
): Promise<Network> {
  const location = await findSaved(owner, named);
  if (weights !== undefined) {
    throw new InvalidConfigError(owner, "--weights", "left out: a saved model has its own", weights);
  }
  const { model, preprocessing, labels, outputs } = await readStart(owner, location, given);
  const told = outputs ?? outputMeaning(model);
  const isBase = labels.length === 0 && findHead(model) === undefined && told !== "probabilities";
  const meaning = isBase ? "logits" : told;
  try {
    await requireFinite(model, location);
    if (meaning === "unknown") {
      throw new UnavailableError(
        `The model in ${location} does not show whether its outputs are probabilities`,
        "Save it with saveBundle(model, folder, { outputs }).",
      );
    }
    const { classNames } = data;
    const places = placesOf(classNames, labels);
    const isInOrder = places?.every((place, index) => place === index) ?? false;
    if (!isInOrder && !isBase) requireHead(model, location, labels, data);
    const [height, width] = preprocessing.size;
    const asked = typeof imageSize === "object" ? imageSize : { height, width };
    const size = [asked.height, asked.width] as const;
    const isResized = String(size) !== String(preprocessing.size);
    const base: Base = { location, size, isResized, places, classes: classNames.length, isBase, meaning, given };
    if (isResized) await requireSize(owner, model, base);
    const isBinary = places !== undefined && model.output.shape.at(-1) === 1;
    return {
      name: location,
      reasons: {
        network: places === undefined ? newHead(classNames, labels) : `as --model says${isInOrder ? "" : inOtherOrder}`,
        imageSize: (isResized ? "as --image-size says" : "as the model has it") + colourOf(preprocessing),
      },
      preprocessing: { ...preprocessing, size },
      outputs: isBinary ? binary(meaning) : places === undefined && meaning !== "logits" ? "probabilities" : meaning,
      loss: isBinary ? "binaryCrossentropy" : "sparseCategoricalCrossentropy",
      defaults: tuning,
      base: { hasNewHead: places === undefined, outputs: places === undefined ? undefined : outputs },
      build: (seed) => buildFrom(owner, base, seed),
    };
  } finally {
    model.dispose();
  }
}

async function findSaved(owner: string, named: string): Promise<string> {
  const location = (await findModelIfAny(named))?.bundle;
  if (location !== undefined) return location;
  const names = applicationNames();
  const near = didYouMean(nearestName(named, names));
  throw new InvalidConfigError(owner, "--model", `one of ${names.join(", ")}, or a saved model${near}`, named);
}

const inOtherOrder = "; its classes in the order of the data";

function newHead(classNames: readonly string[], labels: readonly string[]): string {
  const knows = labels.length === 0 ? "the model names none" : `the model knows ${labels.length}`;
  return `as --model says; new last layer for ${classNames.length} classes: ${knows}`;
}

/** Photos lose their colours where the model knows none. */
function colourOf({ channels }: Preprocessing): string {
  return channels === "grayscale" ? ", in grey" : "";
}

function binary(meaning: OutputMeaning): Outputs {
  return meaning === "probabilities" ? "binaryProbabilities" : "binaryLogits";
}

/** Where each of the data's classes stands among the model's; undefined where they are not the same ones. */
function placesOf(classNames: readonly string[], labels: readonly string[]): readonly number[] | undefined {
  const places = classNames.map((name) => labels.indexOf(name));
  return classNames.length === labels.length && !places.includes(-1) ? places : undefined;
}

/** @throws {UnavailableError} there is no dense layer at the end. */
function requireHead(model: Model, location: string, labels: readonly string[], data: TrainingData): void {
  if (findHead(model) !== undefined) return;
  const { layer } = model.output.node;
  throw new UnavailableError(
    `The model in ${location} ${labels.length === 0 ? "names no classes" : `tells ${listed(labels)} apart`}, and ${data.location} has ${listed(data.classNames)}; ` +
      `it ends in ${layer.name} (${layer.className}), and only a last Dense can be made another`,
    "Train a network of its own by leaving out --model, or give the folders the model's names.",
  );
}

/** @throws {InvalidConfigError} the model takes pictures of its own size only. */
async function requireSize(owner: string, model: Model, { size, places }: Base): Promise<void> {
  try {
    (await resizeNetwork(model, size, { replacesHead: places === undefined })).dispose();
  } catch (cause) {
    if (!(cause instanceof FeaturemapError)) throw cause;
    const [, height, width] = model.inputShape;
    const [asked, across] = size;
    const expected = `left out: the model takes ${width}x${height} alone (${cause.message.replace(/\.$/, "")})`;
    throw new InvalidConfigError(owner, "--image-size", expected, `${across}x${asked}`);
  }
}

async function buildFrom(owner: string, base: Base, seed: number): Promise<Model> {
  const { location, size, isResized, places, classes, isBase, meaning, given } = base;
  let { model } = await readStart(owner, location, given);
  if (isResized) {
    const saved = model;
    model = await resizeNetwork(saved, size, { replacesHead: places === undefined });
    saved.dispose();
  }
  const activation = meaning === "logits" ? "linear" : "softmax";
  if (isBase) return addHead(model, classes, activation, seed);
  if (places === undefined) return replaceHead(model, classes, activation, seed);
  // Dropout and the like draw from the run's own seed.
  model.reseed(new RandomStream(seed));
  const head = findHead(model);
  if (head !== undefined) await reorderHead(head, places);
  return model;
}

const mostNamed = 4;

function listed(names: readonly string[]): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(", ")} ... (${names.length})` : names.join(", ");
}
