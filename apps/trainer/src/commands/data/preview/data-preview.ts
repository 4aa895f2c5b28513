import type { Dataset, ImageExample, ImageFiles } from "@featuremap/datasets";
import { throwIfAborted, writeFileWhole } from "@featuremap/files";
import type { Pixels } from "@featuremap/images";
import { InvalidConfigError, RandomStream } from "@featuremap/tensor";
import { plotImageGrid } from "@featuremap/visualize";
import { newFile } from "../../../output/new-file.ts";
import { findData, prepareData } from "../../../data/open-data.ts";
import { dataPreviewOptions } from "../../../options/commands/data.ts";
import type { OptionValues } from "../../../options/option.ts";
import { readingFor } from "../../../pictures/model-inputs.ts";
import { pngOfSvg } from "../../../drawing/svg-picture.ts";
import { makeAugmentation } from "../../../training/augmentation.ts";
import { decideNetwork } from "../../../training/network/network.ts";

/** What to draw. */
export interface DataPreviewOptions extends Partial<OptionValues<typeof dataPreviewOptions>> {
  /** What `train` would be given. */
  readonly data: string;
  readonly signal?: AbortSignal | undefined;
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What was drawn. */
export interface DataPreview {
  readonly data: string;
  /** Absolute path of the drawing. */
  readonly file: string;
  readonly imageSize: readonly [height: number, width: number];
  /** Classes that are shown, of how many. */
  readonly classes: number;
  readonly allClasses: number;
  /** Files of the pictures that are shown. */
  readonly pictures: readonly string[];
  /** How often each is varied; 0 where none is. */
  readonly draws: number;
}

const owner = "data preview";
/** Pictures of a drawing, with their variations, and pixels for one of them. */
const [mostTiles, leastTile, mostTile] = [600, 72, 160];
/** Of tiles, and beside all of them. */
const [gap, margin] = [8, 12];

/**
 * Draws some pictures of each class as training sees them: in the network's size, and, if asked, varied several times.
 *
 * @throws {InvalidConfigError} there are no such data, or an option does not fit them.
 * @throws {UnavailableError} they cannot be read, or the file is there already.
 * @throws {AbortedError} the signal was raised; then nothing is written.
 */
export async function dataPreview(options: DataPreviewOptions): Promise<DataPreview> {
  const { seed = 1, dataFolder, workers, signal, onDownload, out = "preview.png", force = false } = options;
  const { count, augment, erasing, draws } = withDefaults(options);
  const file = await newFile(owner, "--out", out, force);
  const isPng = /\.png$/i.test(file);
  if (!isPng && !/\.svg$/i.test(file)) {
    throw new InvalidConfigError(owner, "--out", "a file whose name ends in .png or .svg", out);
  }
  const data = prepareData(await findData(options.data, { owner, dataFolder, signal, onDownload }), { owner, seed });
  const { preprocessing } = await decideNetwork(owner, data, options);
  const changes = makeAugmentation({ augment, erasing }, preprocessing.size);
  const columns = changes.length > 0 ? 1 + draws : count;
  const { train, classNames } = data;
  const classes = Math.min(
    classNames.length,
    Math.max(1, Math.floor(mostTiles / (changes.length > 0 ? count * columns : count))),
  );
  const places = chosenPlaces(train.labels, { classes, count, seed });
  const files = train.files.select(places);
  const reading = readingFor(preprocessing, workers);
  const plain = await readAll(files.images(reading), files, 0, signal);
  const varied: (readonly (Pixels | undefined)[])[] = [];
  if (changes.length > 0) {
    const changed = files.images({
      ...reading,
      augment: changes,
      seed: new RandomStream(seed).fork("preview").uint32(),
    });
    for (let draw = 0; draw < draws; draw++) varied.push(await readAll(changed, files, draw, signal));
  }
  const tiles = plain.flatMap((image, place) => {
    const title = classNames[files.labels?.[place] ?? -1] ?? "";
    const variations = varied.flatMap((pictures, draw) => {
      const picture = pictures[place];
      return picture === undefined ? [] : [{ image: picture, title: `${augmentName(augment)} ${draw + 1}` }];
    });
    return image === undefined ? [] : [{ image, title, path: files.filePaths[place] ?? "" }, ...variations];
  });
  throwIfAborted(owner, signal);
  const side = Math.min(Math.max(preprocessing.size[1], leastTile), mostTile);
  const svg = plotImageGrid(
    tiles.map(({ image }) => image),
    {
      titles: tiles.map(({ title }) => title),
      columns,
      width: Math.min(Math.max(columns * (side + gap) - gap + 2 * margin, 240), 4000),
      title: data.name,
      ...(isPng ? { theme: "light" } : {}),
    },
  );
  await writeFileWhole(file, isPng ? await pngOfSvg(svg) : svg);
  return {
    data: data.name,
    file,
    imageSize: preprocessing.size,
    classes,
    allClasses: classNames.length,
    pictures: tiles.flatMap((tile) => ("path" in tile ? [tile.path] : [])),
    draws: varied.length,
  };
}

function withDefaults({ count, augment, erasing, draws }: DataPreviewOptions) {
  const { count: usual, augment: none, erasing: never, draws: often } = dataPreviewOptions;
  return {
    count: count ?? usual.default,
    augment: augment ?? none.default,
    erasing: erasing ?? never.default,
    draws: draws ?? often.default,
  };
}

/** What its variations are called where boxes are erased and nothing else is done. */
function augmentName(augment: string): string {
  return augment === "none" ? "erased" : augment;
}

/** Some of each class at random, class by class. */
function chosenPlaces(
  labels: Int32Array,
  { classes, count, seed }: { readonly classes: number; readonly count: number; readonly seed: number },
): number[] {
  const random = new RandomStream(seed).fork("preview of classes");
  return Array.from({ length: classes }, (_, label) => {
    const places = Array.from(labels.keys()).filter((place) => labels[place] === label);
    const order = random.permutation(places.length).subarray(0, count);
    return Array.from(order, (index) => places[index] ?? 0).toSorted((a, b) => a - b);
  }).flat();
}

/** Every picture in an epoch of its own draws; undefined for files that cannot be read. */
async function readAll(
  pictures: Dataset<ImageExample>,
  files: ImageFiles,
  epoch: number,
  signal: AbortSignal | undefined,
): Promise<(Pixels | undefined)[]> {
  const found: (Pixels | undefined)[] = Array.from({ length: files.size });
  let place = 0;
  for await (const { image, path } of pictures.prefetch(8).iterate({ epoch })) {
    throwIfAborted(owner, signal);
    while (place < files.size && files.filePaths[place] !== path) place += 1;
    found[place] = image;
    place += 1;
  }
  return found;
}
