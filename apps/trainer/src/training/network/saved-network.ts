import { type Outputs, applicationNames } from "@featuremap/applications";
import type { Preprocessing } from "@featuremap/images";
import { type Layer, type Model, type OutputMeaning, outputMeaning } from "@featuremap/layers";
import { FeaturemapError, InvalidConfigError, RandomStream, UnavailableError, nearestName } from "@featuremap/tensor";
import { type HeadChoice, findHead } from "@featuremap/training";
import type { TrainingData } from "../../data/training-data.ts";
import { didYouMean } from "../../options/names.ts";
import { requireFinite } from "../../models/non-finite-weight.ts";
import { readStart } from "../../models/read-start.ts";
import { findModelIfAny } from "../../models/find-model.ts";
import type { Network, NetworkOptions } from "./network-types.ts";
import { addHead, canReorder, reorderHead, replaceHead } from "./network-head.ts";
import { resizeNetwork } from "./resize-network.ts";
import { tuning } from "./tuning.ts";

/** What decides which last layer is needed. */
type KnownData = Pick<TrainingData, "classNames" | "location">;

/** A saved model, and what has to become of it. */
interface Base {
  readonly location: string;
  readonly size: readonly [height: number, width: number];
  /** Whether pictures are of another size than it was saved for. */
  readonly isResized: boolean;
  /** Where each class of the data stands among the model's; undefined where it gets a new last layer. */
  readonly places: readonly number[] | undefined;
  readonly classes: number;
  /** Whether a new last layer takes the place of the model's head, or stands behind all of it. */
  readonly choice: HeadChoice;
  readonly meaning: OutputMeaning;
  /** What the user says of its preprocessing. */
  readonly given: string | undefined;
}

/**
 * A saved model to go on from, of any format. It keeps its preprocessing; where the data have other classes than it, its head
 * gives way to a new last layer, and a base that gives features gets one: what is a head is as for `fineTune`.
 *
 * @param owner the command that asks, for errors
 * @throws {InvalidConfigError} nothing is called so, or it takes no pictures of the size asked for.
 * @throws {UnavailableError} nothing shows where its head begins, which has to be replaced.
 * @throws {FormatError} its weights are not all finite numbers.
 */
export async function savedNetwork(
  owner: string,
  named: string,
  data: KnownData,
  { imageSize, preprocessing: given, weights }: Omit<NetworkOptions, "model">,
): Promise<Network> {
  const location = await findSaved(owner, named);
  if (weights !== undefined) {
    throw new InvalidConfigError(owner, "--weights", "left out: a saved model has its own", weights);
  }
  const { model, preprocessing, labels, outputs } = await readStart(owner, location, given);
  const told = outputs ?? outputMeaning(model);
  try {
    await requireFinite(model, location);
    const { classNames } = data;
    const { places, choice, reason } = planEnd(model, { told, labels, data, location });
    const meaning = places === undefined ? newMeaning(choice, told) : told === "unknown" ? "logits" : told;
    const [height, width] = preprocessing.size;
    const asked = typeof imageSize === "object" ? imageSize : { height, width };
    const size = [asked.height, asked.width] as const;
    const isResized = String(size) !== String(preprocessing.size);
    const base: Base = { location, size, isResized, places, classes: classNames.length, choice, meaning, given };
    if (isResized) await requireSize(owner, model, base);
    const isBinary = places !== undefined && model.output.shape.at(-1) === 1;
    return {
      name: location,
      reasons: {
        network: `as --model says${reason}`,
        imageSize: (isResized ? "as --image-size says" : "as the model has it") + colourOf(preprocessing),
      },
      preprocessing: { ...preprocessing, size },
      outputs: isBinary ? binary(meaning) : meaning,
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

/** What becomes of a model's end, and why, in words that follow others. */
interface EndPlan extends Pick<Base, "places" | "choice"> {
  readonly reason: string;
}

interface Known {
  readonly told: OutputMeaning | "unknown";
  readonly labels: readonly string[];
  readonly data: KnownData;
  readonly location: string;
}

/** @throws {UnavailableError} a new last layer is needed, and nothing shows where the old head begins. */
function planEnd(model: Model, { told, labels, data, location }: Known): EndPlan {
  const { classNames } = data;
  const places = placesOf(classNames, labels);
  const isInOrder = places?.every((place, index) => place === index) ?? false;
  if (isInOrder && told !== "unknown") return { places, choice: "keep", reason: "" };
  const { head, doubt } = endOf(model, { labels, data, location });
  if (places !== undefined && told !== "unknown" && head !== undefined && canReorder(head, outputsOf(model))) {
    return { places, choice: "keep", reason: "; its classes in the order of the data" };
  }
  const where = head === undefined ? `behind ${model.output.node.layer.name}` : `in place of ${head.first.name}`;
  const names = labels.length === 0 ? "the model names none" : `the model knows ${labels.length}`;
  const unable =
    told === "unknown" ? "nothing shows whether its outputs are probabilities" : "its own stay in another order";
  const reason = places === undefined ? names : unable;
  return {
    places: undefined,
    choice: head === undefined ? "keep" : "replace",
    reason: `; new last layer for ${classNames.length} classes ${where}: ${reason}${doubt === undefined ? "" : `; ${doubt}`}`,
  };
}

function outputsOf({ output }: Model): number {
  return output.shape.slice(1).reduce<number>((product, length) => product * (length ?? 1), 1);
}

/** Who names classes has a head. @throws {UnavailableError} nothing shows where it begins. */
function endOf(model: Model, { labels, data, location }: Omit<Known, "told">): ReturnType<typeof findHead> {
  try {
    return findHead(model, labels.length > 0 ? "replace" : undefined);
  } catch (cause) {
    if (!(cause instanceof InvalidConfigError)) throw cause;
    const { layer } = model.output.node;
    throw new UnavailableError(
      `The model in ${location} ${labels.length === 0 ? "names no classes" : `tells ${listed(labels)} apart`}, and ${data.location} has ${listed(data.classNames)}; ` +
        `it ends in ${layer.name} (${layer.className}), and nothing shows with which layer before that its features end`,
      "Train a network of its own by leaving out --model, or give the folders the model's names.",
      { cause },
    );
  }
}

/** What the outputs of a new last layer mean: as those of the one before, where that is known. */
function newMeaning(choice: HeadChoice, told: Known["told"]): OutputMeaning {
  return choice === "keep" || told === "unknown" || told === "logits" ? "logits" : "probabilities";
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

/** @throws {InvalidConfigError} the model takes pictures of its own size only. */
async function requireSize(owner: string, model: Model, base: Base): Promise<void> {
  try {
    (await resizeNetwork(model, base.size, replacedIn(base))).dispose();
  } catch (cause) {
    if (!(cause instanceof FeaturemapError)) throw cause;
    const [, height, width] = model.inputShape;
    const [asked, across] = base.size;
    const expected = `left out: the model takes ${width}x${height} alone (${cause.message.replace(/\.$/, "")})`;
    throw new InvalidConfigError(owner, "--image-size", expected, `${across}x${asked}`);
  }
}

/** The layers that a new one replaces. */
function replacedIn({ places, choice }: Base): (model: Model) => readonly Layer[] {
  return (model) => {
    const head = places === undefined ? findHead(model, choice).head : undefined;
    return head === undefined ? [] : [head.first, ...head.behind];
  };
}

async function buildFrom(owner: string, base: Base, seed: number): Promise<Model> {
  const { location, size, isResized, places, classes, choice, meaning, given } = base;
  let { model } = await readStart(owner, location, given);
  if (isResized) {
    const saved = model;
    model = await resizeNetwork(saved, size, replacedIn(base));
    saved.dispose();
  }
  if (places === undefined) {
    const activation = meaning === "logits" ? "linear" : "softmax";
    const { head } = findHead(model, choice);
    return head === undefined
      ? addHead(model, classes, activation, seed)
      : replaceHead(model, head, classes, activation, seed);
  }
  // Dropout and the like draw from the run's own seed.
  model.reseed(new RandomStream(seed));
  if (places.some((place, index) => place !== index)) {
    const { head } = findHead(model, "replace");
    if (head !== undefined) await reorderHead(head, places);
  }
  return model;
}

const mostNamed = 4;

function listed(names: readonly string[]): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(", ")} ... (${names.length})` : names.join(", ");
}
