import { readFileWhole } from "@featuremap/files";
import { type Preprocessing, channelCount, parsePreprocessing, plainPreprocessing } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { FormatError, InvalidConfigError, formatShape } from "@featuremap/tensor";

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
 * @throws {InvalidConfigError} the word does not fit the model's input, whose size must be fixed.
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
  return kind(plainPreprocessing([height, width], channels));
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
