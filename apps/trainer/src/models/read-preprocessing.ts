import { readFileWhole } from "@featuremap/files";
import { type Preprocessing, channelCount, parsePreprocessing, plainPreprocessing } from "@featuremap/images";
import { Model, Rescaling } from "@featuremap/layers";
import { FormatError, InvalidConfigError, describeValue, formatShape } from "@featuremap/tensor";

/** How pictures that are known by a word become inputs of so many channels. */
const kinds: Readonly<Record<string, (plain: Preprocessing) => Preprocessing>> = {
  none: (plain) => plain,
  /** Keras's `preprocess_input` of mode `tf`. */
  keras: (plain) => ({ ...plain, scale: 1 / 127.5, mean: plain.mean.map(() => 1) }),
  /** Torchvision's, also Keras's mode `torch`. */
  torch: (plain) => ({
    ...plain,
    crop: "center",
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225],
  }),
};

/** Whether it is such a word, and not a file. */
export function isPreprocessingKind(word: string): boolean {
  return Object.hasOwn(kinds, word);
}

const channelsOf = new Map<unknown, Preprocessing["channels"]>(
  (["grayscale", "rgb", "rgba"] as const).map((channels) => [channelCount(channels), channels]),
);

/**
 * How a picture becomes a model's input, by a word or as a JSON file says.
 *
 * @param owner the command that asks, for the error
 * @throws {InvalidConfigError} the word does not fit the model's input, whose size must be fixed, or the model scales its input itself.
 * @throws {UnavailableError} there is no such file.
 * @throws {FormatError} the file holds no preprocessing.
 */
export async function readPreprocessing(owner: string, given: string, model: Model): Promise<Preprocessing> {
  const kind = isPreprocessingKind(given) ? kinds[given] : undefined;
  if (kind === undefined) return readFile(given);
  const [, height, width, depth] = model.inputShape;
  const channels = channelsOf.get(depth);
  const isPicture = typeof height === "number" && typeof width === "number" && channels !== undefined;
  if (!isPicture || (given === "torch" && channels !== "rgb")) {
    const expected = `a JSON file, since ${given} does not tell how a picture becomes ${formatShape(model.inputShape)}`;
    throw new InvalidConfigError(owner, "--preprocessing", expected, given);
  }
  const rescaling = given === "none" ? undefined : ownRescaling(model);
  if (rescaling !== undefined) {
    const expected = `none, since the model scales its input itself, by its layer ${describeValue(rescaling)} (or a JSON file, if it is meant twice)`;
    throw new InvalidConfigError(owner, "--preprocessing", expected, given);
  }
  return kind(plainPreprocessing([height, width], channels));
}

/** The largest factor that is meant for pixels from 0 to 255, not for what has been scaled already. */
const largestFactor = 1 / 64;

/**
 * The name of the layer that makes of pixels from 0 to 255 what the model was trained on, as those of Keras's tutorials have it before
 * all layers that learn.
 */
export function ownRescaling(model: Model): string | undefined {
  for (const layer of model.innerLayers) {
    if (layer instanceof Rescaling) {
      const { scale } = layer.getConfig() as { readonly scale: number | readonly number[] };
      return [scale].flat().every((factor) => Math.abs(factor) <= largestFactor) ? layer.name : undefined;
    }
    const inner = layer instanceof Model ? ownRescaling(layer) : undefined;
    if (inner !== undefined) return inner;
    if (layer.trainableWeights.length > 0) return undefined;
  }
  return undefined;
}

async function readFile(path: string): Promise<Preprocessing> {
  const text = new TextDecoder().decode(await readFileWhole(path));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError(path, "preprocessing", "JSON", text.slice(0, 40));
  }
  return parsePreprocessing(value, path);
}
