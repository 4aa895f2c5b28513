import { openFile, requirePath } from "#local-files";
import type { Pixels } from "@featuremap/images";
import { isBlob } from "@featuremap/files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type ByteSource, bytesOfBlob } from "../bytes/byte-source.ts";
import { checkClassNames, classesOf } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import { type TfFeature, parseTfExample } from "./tf-example.ts";
import { type TfRecord, readTfRecord, tfRecords } from "./tf-records.ts";

/** Which features of an example hold its picture and its class. */
export interface TfRecordOptions {
  /** The feature with the picture: an encoded file, or raw bytes where height and width are given. Default: found by usual names. */
  readonly imageFeature?: string;
  /** The feature with the class: a number or a name. Default: found by usual names. */
  readonly labelFeature?: string;
  /** The classes in the order of their indices. Default: those that occur, sorted; numbers by their size. */
  readonly classNames?: readonly string[];
  /** Share of records that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

const names: OptionNames<TfRecordOptions> = {
  imageFeature: true,
  labelFeature: true,
  classNames: true,
  damagedShare: true,
};

const owner = "imageFilesFromTfRecords";
const imageFeatures = ["image/encoded", "image", "image_raw", "img", "jpeg", "png"];
const labelFeatures = ["image/class/label", "label", "class", "image/class/text", "target"];
const sides = {
  height: ["image/height", "height"],
  width: ["image/width", "width"],
  depth: ["image/depth", "depth", "image/channels"],
};
/** Bytes of one record. */
const largestRecord = 2 ** 29;

/**
 * The pictures in TensorFlow's record files, each a `tf.train.Example`.
 *
 * Every record is read once for its class, and again when its picture is wanted. In files of several gigabytes that takes a
 * while; what TensorFlow packs with GZIP has to be unpacked before.
 *
 * @param files paths, or in a page the files that a person chose
 * @throws {UnavailableError} a file cannot be read.
 * @throws {FormatError} one is not such a file or damaged, or an example has no picture or class.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imageFilesFromTfRecords(
  files: readonly (string | URL | Blob)[],
  options: TfRecordOptions = {},
): Promise<ImageFiles> {
  checkOptions(owner, options, names);
  const { imageFeature, labelFeature, damagedShare } = options;
  if (!(Array.isArray(files) && files.length > 0)) {
    throw new InvalidConfigError(owner, "files", "a list of one or more files", files);
  }
  for (const [option, feature] of Object.entries({ imageFeature, labelFeature })) {
    if (feature !== undefined && typeof feature !== "string")
      throw new InvalidConfigError(owner, option, "a feature's name", feature);
  }
  const classNames = checkClassNames(owner, options.classNames);
  const places: { source: ByteSource; record: TfRecord }[] = [];
  const [paths, classes]: [string[], string[]] = [[], []];
  for (const file of files) {
    const source = isBlob(file) ? bytesOfBlob(file) : await openFile(requirePath(owner, "files", file));
    let count = 0;
    for await (const record of tfRecords(source)) {
      const name = `${source.name}: record ${count++}`;
      const example = parseTfExample(await readTfRecord(source, record, largestRecord), name);
      classes.push(classOf(example, labelFeature === undefined ? labelFeatures : [labelFeature], name));
      paths.push(name);
      places.push({ source, record });
    }
  }
  if (paths.length === 0) throw new FormatError(String(files[0]), "the file", "one with records", "none");
  const wanted = imageFeature === undefined ? imageFeatures : [imageFeature];
  return new ImageFiles({
    paths,
    ...classesOf(classes, classNames, owner),
    damagedShare,
    read: async (index) => {
      const place = places[index];
      if (place === undefined) return new Uint8Array(0);
      const example = parseTfExample(await readTfRecord(place.source, place.record, largestRecord), place.source.name);
      return pictureOf(example, wanted, paths[index] ?? "");
    },
  });
}

function classOf(example: ReadonlyMap<string, TfFeature>, wanted: readonly string[], source: string): string {
  const value = firstOf(example, wanted);
  const name = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  if (name !== undefined && name !== "" && (typeof name === "string" || Number.isInteger(name))) return String(name);
  throw new FormatError(
    source,
    wanted.length === 1 ? `labelFeature "${wanted[0]}"` : `a class, such as ${wanted[0]} (option labelFeature),`,
    "one of its features, with a class",
    [...example.keys()].join(", "),
  );
}

function pictureOf(
  example: ReadonlyMap<string, TfFeature>,
  wanted: readonly string[],
  source: string,
): Uint8Array | Pixels {
  const bytes = firstOf(example, wanted);
  if (!(bytes instanceof Uint8Array)) {
    throw new FormatError(
      source,
      wanted.length === 1 ? `imageFeature "${wanted[0]}"` : `a picture, such as ${wanted[0]} (option imageFeature),`,
      "one of its features",
      [...example.keys()].join(", "),
    );
  }
  const [height, width] = [firstOf(example, sides.height), firstOf(example, sides.width)];
  // Encoded pictures may come with their size too; raw bytes have exactly one, three or four for each pixel.
  const area = Number(height) * Number(width);
  const channels = Number(firstOf(example, sides.depth) ?? bytes.length / area);
  const isRaw = area > 0 && [1, 3, 4].includes(channels) && bytes.length === area * channels;
  return isRaw ? { data: bytes, height: Number(height), width: Number(width) } : bytes;
}

function firstOf(example: ReadonlyMap<string, TfFeature>, wanted: readonly string[]): Uint8Array | number | undefined {
  const name = wanted.find((each) => (example.get(each)?.length ?? 0) > 0);
  return name === undefined ? undefined : example.get(name)?.[0];
}
