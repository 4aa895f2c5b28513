import {
  type Application,
  type ApplicationLoss,
  type Outputs,
  type TrainingDefaults,
  applications,
  chooseNetwork,
  preprocessingFor,
} from "@featuremap/applications";
import type { Preprocessing } from "@featuremap/images";
import { type Model, outputMeaning } from "@featuremap/layers";
import { InvalidConfigError, UnavailableError, nearestName } from "@featuremap/tensor";
import { type SizeChoice, chooseImageSize } from "../data/choose-image-size.ts";
import { measureFiles } from "../data/measure-files.ts";
import type { TrainingData } from "../data/training-data.ts";
import { didYouMean } from "../options/names.ts";
import type { PixelSize } from "../options/option.ts";
import { findPreset } from "../presets/find-preset.ts";
import { readBundle } from "../read-bundle.ts";
import { findModelIfAny } from "../run/find-model.ts";

/** A network that is to be trained, and what it takes. */
export interface Network {
  /** "small", or where a saved model lies. */
  readonly name: string;
  /** Why it and why pictures of this size, in words for the user. */
  readonly reasons: { readonly network: string; readonly imageSize: string };
  readonly preprocessing: Preprocessing;
  readonly outputs: Outputs;
  /** That of its document. */
  readonly loss: ApplicationLoss;
  readonly defaults: TrainingDefaults;
  /** A model with first weights of that seed, or with those that it was saved with. */
  build(seed: number): Promise<Model>;
}

/** What the user says of it. */
export interface NetworkOptions {
  /** Name of an application, or path of a saved model. */
  readonly model?: string | undefined;
  readonly imageSize?: PixelSize | "auto" | undefined;
}

/** Networks for pictures of any size: what they are trained on decides it. */
const anySize: ReadonlySet<string> = new Set(["small", "resnet", "mobile"]);
/** For a model that has learned: its weights are near where they should be. */
const tuning: TrainingDefaults = {
  epochs: 10,
  batchSize: 32,
  optimizer: "adam",
  learningRate: 0.0001,
  schedule: "cosine",
  warmup: 0,
  weightDecay: 0,
  labelSmoothing: 0,
  augment: "light",
};

/**
 * Which network is trained on the data: the one asked for, the data set's own, or one that suits size and number of the
 * pictures.
 *
 * @throws {InvalidConfigError} there is none of that name, or it takes no such pictures or classes.
 */
export async function decideNetwork(data: TrainingData, options: NetworkOptions): Promise<Network> {
  const { model } = options;
  const preset = data.kind === "dataset" ? findPreset(data.location) : undefined;
  if (model === undefined && preset !== undefined) {
    const { network, epochs = network.defaults.epochs } = preset;
    const reasons = { network: `the network for ${preset.name}`, imageSize: "as the network has it" };
    return applied(data, network, { reasons, options, name: preset.name, defaults: { ...network.defaults, epochs } });
  }
  if (model !== undefined && !Object.hasOwn(applications, model)) return savedNetwork(model, data, options);
  const measured = await sizeFor(data, options);
  if (model !== undefined) {
    const network = applications[model as keyof typeof applications];
    const own = anySize.has(model) ? measured : undefined;
    const reasons = { network: "as --model says", imageSize: own?.reason ?? "as the network has it" };
    return applied(data, network, { reasons, options, size: own });
  }
  const { network, reason } = chooseNetwork({ imageSize: Math.max(...measured.size), images: data.train.size });
  return applied(data, network, { reasons: { network: reason, imageSize: measured.reason }, options, size: measured });
}

async function sizeFor(data: TrainingData, { imageSize }: NetworkOptions): Promise<SizeChoice> {
  if (typeof imageSize === "object") {
    return { size: [imageSize.height, imageSize.width], reason: "as --image-size says" };
  }
  return chooseImageSize(await measureFiles(data.train.files), data.train.size);
}

interface Applied {
  readonly reasons: Network["reasons"];
  readonly options: NetworkOptions;
  readonly size?: SizeChoice | undefined;
  readonly name?: string;
  readonly defaults?: TrainingDefaults;
}

function applied(data: TrainingData, network: Application, given: Applied): Network {
  const { imageSize } = given.options;
  const [ownHeight, ownWidth, channels] = network.inputShape;
  const [height, width] =
    typeof imageSize === "object"
      ? [imageSize.height, imageSize.width]
      : (given.size?.size ?? ([ownHeight, ownWidth] as const));
  const inputShape = [height, width, channels] as const;
  const { name = network.name, defaults = network.defaults } = given;
  const isAsked = typeof imageSize === "object";
  return {
    name: network.name,
    reasons: { ...given.reasons, ...(isAsked ? { imageSize: "as --image-size says" } : {}) },
    preprocessing: preprocessingFor(network, inputShape),
    outputs: network.outputs,
    loss: network.loss,
    defaults,
    build: (seed) => Promise.resolve(network.build({ inputShape, classes: data.classNames.length, seed, name })),
  };
}

/** @throws {InvalidConfigError} nothing is called so. @throws {UnavailableError} it tells other classes apart. */
async function savedNetwork(named: string, data: TrainingData, { imageSize }: NetworkOptions): Promise<Network> {
  const found = await findModelIfAny(named);
  if (found === undefined) {
    const names = Object.keys(applications);
    const near = didYouMean(nearestName(named, names));
    throw new InvalidConfigError("train", "--model", `one of ${names.join(", ")}, or a saved model${near}`, named);
  }
  const { bundle: location } = found;
  const { model, preprocessing, labels, outputs = outputMeaning(model) } = await readBundle(location);
  const isBinary = model.output.shape.at(-1) === 1;
  model.dispose();
  if (outputs === undefined || outputs === "unknown") {
    throw new UnavailableError(
      `The model in ${location} does not tell whether its outputs are probabilities`,
      "Save it with saveBundle(model, folder, { outputs }).",
    );
  }
  if (labels.join("\n") !== data.classNames.join("\n")) {
    throw new UnavailableError(
      `The model in ${location} tells ${listed(labels)} apart, and ${data.location} has ${listed(data.classNames)}`,
      "Train a network of its own by leaving out --model, or give the folders the model's names.",
    );
  }
  const [height, width] = preprocessing.size;
  if (typeof imageSize === "object" && (imageSize.height !== height || imageSize.width !== width)) {
    throw new InvalidConfigError("train", "--image-size", `left out: the model takes ${width}x${height}`, imageSize);
  }
  const meaning = isBinary ? (outputs === "probabilities" ? "binaryProbabilities" : "binaryLogits") : outputs;
  return {
    name: location,
    reasons: { network: "as --model says", imageSize: "as the model has it" },
    preprocessing,
    outputs: meaning,
    loss: isBinary ? "binaryCrossentropy" : "sparseCategoricalCrossentropy",
    defaults: tuning,
    build: async () => (await readBundle(location)).model,
  };
}

const mostNamed = 4;

function listed(names: readonly string[]): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(", ")} ... (${names.length})` : names.join(", ");
}
