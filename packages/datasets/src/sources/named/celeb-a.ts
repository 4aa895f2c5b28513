import { joinPath, openFile, requirePath } from "#local-files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { readWhole } from "../bytes/byte-source.ts";
import { decodeText } from "../bytes/decode-text.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import { type CelebPartition, parseCelebAttributes, parseCelebPartitions } from "../tables/celeb-a-tables.ts";

/** Where {@link celebA} reads from, and what it asks of the faces. */
export interface CelebAOptions {
  /** The folder with `list_attr_celeba.txt`, `list_eval_partition.txt` and the pictures in `img_align_celeba`. */
  readonly directory: string | URL;
  /** Which of the 40 attributes is the label, as `Smiling`. */
  readonly attribute: string;
  /** The folder with the pictures. Default: `img_align_celeba` in the directory. */
  readonly imageDirectory?: string | URL;
  /** Share of files that may be damaged or missing before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

/** CelebA's own three parts. */
export interface CelebA {
  readonly train: ImageFiles;
  readonly validation: ImageFiles;
  readonly test: ImageFiles;
}

const names: OptionNames<CelebAOptions> = {
  directory: true,
  attribute: true,
  imageDirectory: true,
  damagedShare: true,
};

/** Bytes of one of its lists. */
const longestList = 2 ** 28;

/**
 * Liu, Luo, Wang and Tang's 202,599 pictures of faces, with one of their 40 attributes as the label, in the official parts.
 *
 * It has to be on the disk: its home asks for a person's consent. See
 * https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html for `img_align_celeba.zip` and the two lists.
 *
 * @throws {UnavailableError} a list cannot be read.
 * @throws {FormatError} a list is damaged, lacks a picture, or has no such attribute; the message names those it has.
 * @throws {InvalidConfigError} an option is missing, unknown or not what it may be.
 */
export async function celebA(options: CelebAOptions): Promise<CelebA> {
  checkOptions("celebA", options, names);
  const { attribute, damagedShare } = options;
  const directory = requirePath("celebA", "directory", options.directory);
  if (typeof attribute !== "string" || !/^\w+$/.test(attribute)) {
    throw new InvalidConfigError("celebA", "attribute", 'the name of an attribute, as "Smiling"', attribute);
  }
  const images =
    options.imageDirectory === undefined
      ? joinPath(directory, "img_align_celeba")
      : requirePath("celebA", "imageDirectory", options.imageDirectory);
  const read = async (name: string): Promise<{ text: string; source: string }> => {
    const file = await openFile(joinPath(directory, name));
    return { text: decodeText(await readWhole(file, longestList), file.name), source: file.name };
  };
  const [attributes, partitions] = [await read("list_attr_celeba.txt"), await read("list_eval_partition.txt")];
  const { fileNames, labels } = parseCelebAttributes(attributes.text, attributes.source, attribute);
  const parts = parseCelebPartitions(partitions.text, partitions.source);
  const missing = fileNames.find((name) => !parts.has(name));
  if (missing !== undefined)
    throw new FormatError(partitions.source, `picture ${missing}`, "one of its pictures", "none of that name");
  const paths = fileNames.map((name) => joinPath(images, name));
  const all = new ImageFiles({
    paths,
    labels,
    classNames: [`not ${attribute}`, attribute],
    damagedShare,
  });
  const part = (wanted: CelebPartition): ImageFiles => {
    const places = fileNames.flatMap((name, index) => (parts.get(name) === wanted ? [index] : []));
    if (places.length > 0) return all.select(places);
    throw new FormatError(partitions.source, `part ${wanted}`, "one or more pictures", "none");
  };
  return { train: part(0), validation: part(1), test: part(2) };
}
