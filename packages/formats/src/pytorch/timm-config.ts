import { type Preprocessing, requirePreprocessing } from "@featuremap/images";
import { isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import { type JsonObject, describeFound, isObject, parseJsonObject } from "../reading/json.ts";
import { type FileLocation, openBytes } from "../reading/open-bytes.ts";

/** What timm's `config.json` tells of pictures and classes. */
export interface TimmConfig {
  readonly preprocessing: Preprocessing | undefined;
  readonly labels: readonly string[] | undefined;
  /** The network, by timm's name. */
  readonly architecture?: string | undefined;
  /** What could not be taken as it is. One sentence each. */
  readonly notes: readonly string[];
}

const owner = "readTimmConfig";

const interpolations: Readonly<Record<string, Preprocessing["resize"]>> = {
  nearest: "nearest",
  bilinear: "bilinear",
  bicubic: "bicubic",
  lanczos: "lanczos3",
  box: "area",
};

const crops: Readonly<Record<string, Preprocessing["crop"]>> = { center: "center", squash: "none", border: "pad" };

/**
 * Reads timm's `config.json`: `pretrained_cfg`, or its fields themselves, as preprocessing, and the names of classes.
 *
 * @param config its location, or what it holds
 * @throws {InvalidConfigError} the location is not what it may be.
 * @throws {UnavailableError} the file is absent or cannot be reached.
 * @throws {FormatError} it is damaged, or a field is not what it may be.
 */
export async function readTimmConfig(config: FileLocation | object): Promise<TimmConfig> {
  return openTimmConfig(config, undefined);
}

/** {@link readTimmConfig}, which can be stopped. @throws {AbortedError} the signal was raised. */
export async function openTimmConfig(
  config: FileLocation | object,
  signal: AbortSignal | undefined,
): Promise<TimmConfig> {
  const isLocation =
    typeof config === "string" || config instanceof URL || isBlob(config) || isTypedArray(config, "Uint8Array");
  if (isLocation) {
    const { documentBytes: limit } = resolveFileLimits();
    const file = await openBytes(owner, config, { limit, limitName: "limits.documentBytes", signal });
    try {
      return read(parseJsonObject(await file.read(0, file.size), file.name, "config"), file.name);
    } finally {
      await file.close();
    }
  }
  if (!isObject(config)) throw new InvalidConfigError(owner, "config", "a location, or what the file holds", config);
  return read(config, "config");
}

function read(config: JsonObject, source: string): TimmConfig {
  const inner = config["pretrained_cfg"];
  const fields = isObject(inner) ? inner : config;
  const names = fields["label_names"] ?? config["label_names"];
  const labels = names === undefined ? undefined : textsOf(names, source);
  const name = config["architecture"] ?? fields["architecture"];
  const architecture = typeof name === "string" ? name : undefined;
  const notes: string[] = [];
  if (!Object.hasOwn(fields, "mean") && !Object.hasOwn(fields, "input_size")) {
    return {
      preprocessing: undefined,
      labels,
      architecture,
      notes: [`${source} does not tell how pictures become the input.`],
    };
  }
  return { preprocessing: preprocessingOf(fields, source, notes), labels, architecture, notes };
}

function preprocessingOf(fields: JsonObject, source: string, notes: string[]): Preprocessing {
  const fail = (field: string, expected: string): never => {
    throw new FormatError(source, field, expected, describeFound(fields[field]));
  };
  const {
    input_size: inputSize,
    mean,
    std,
    interpolation = "bilinear",
    crop_pct: share,
    crop_mode: mode = "center",
  } = fields;
  if (!isNumbers(inputSize) || inputSize.length !== 3)
    return fail("input_size", "three numbers: channels, height, width");
  const [channels = 0, height = 0, width = 0] = inputSize;
  if (!isNumbers(mean)) return fail("mean", "a number for each channel");
  if (!isNumbers(std)) return fail("std", "a number for each channel");
  const resize =
    wordOf(interpolations, interpolation) ?? fail("interpolation", `one of ${Object.keys(interpolations).join(", ")}`);
  const crop = wordOf(crops, mode) ?? fail("crop_mode", `one of ${Object.keys(crops).join(", ")}`);
  if (channels !== 1 && channels !== 3) return fail("input_size", "of 1 or 3 channels");
  if (typeof share === "number" && share !== 1 && crop === "center") {
    notes.push(`timm takes the middle ${share} of the largest centred square (crop_pct); here it is taken whole.`);
  }
  try {
    return requirePreprocessing(
      {
        size: [height, width],
        channels: channels === 1 ? "grayscale" : "rgb",
        resize,
        crop,
        scale: 1 / 255,
        mean,
        standardDeviation: std,
      },
      owner,
    );
  } catch (cause) {
    if (!(cause instanceof InvalidConfigError)) throw cause;
    throw new FormatError(source, "config", "one of preprocessing that can be done", cause.message);
  }
}

function wordOf<Value>(words: Readonly<Record<string, Value>>, given: unknown): Value | undefined {
  return typeof given === "string" && Object.hasOwn(words, given) ? words[given] : undefined;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number" && Number.isFinite(each));
}

function textsOf(value: unknown, source: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw new FormatError(source, "label_names", "a list of texts", describeFound(value));
}
