import { usualWorkers } from "#threads";
import { type DecodeNote, type ImageOperation, type Pixels, isDescribed, resize } from "@featuremap/images";
import { FeaturemapError, RandomStream } from "@featuremap/tensor";
import { changePixels } from "../../batches/augment-steps.ts";
import { type PassRandom, elementRandom } from "../../../workers/element-random.ts";
import type { PackedPlace } from "../../../pipeline/packed/packed-store.ts";
import type { ElementContext } from "../../../pipeline/steps/context.ts";
import type { ImageRecipe } from "../../../workers/image-recipe.ts";
import { ImageWorkers, type Loaded } from "../../../workers/image-workers.ts";
import { type DecodedPictures, decodedPictures } from "./decoded-pictures.ts";
import { PictureGroups } from "./picture-groups.ts";
import type { PicturePass, PictureTaker } from "./picture-pass.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import type { BatchableFiles, FileExample } from "../files/file-example.ts";
import type { FileNotes } from "../files/file-notes.ts";
import type { CheckedImageOptions } from "../files/image-options.ts";

type Load<Example> = (example: Example, context: ElementContext) => Promise<Loaded<Example>>;

/** Threads are shared by all who read pictures; they do not keep the process alive. */
const pools = new Map<number, ImageWorkers>();

function workersOf(count: number): ImageWorkers {
  const known = pools.get(count);
  if (known !== undefined) return known;
  const workers = new ImageWorkers({ workers: count });
  pools.set(count, workers);
  return workers;
}

/** Reads pictures of files in one size, decoded once where that can be, and changes them where that is asked. */
export class PictureReader {
  /** Pictures worth being read at once. */
  readonly concurrency: number;
  readonly #files: BatchableFiles;
  readonly #kept: DecodedPictures | undefined;
  readonly #fitting: ImageOperation;
  /** Whether the first change needs all of a file's pixels. */
  readonly #cutsFirst: boolean;
  /** Changes with code of the user's own, which no worker has. */
  readonly #own: readonly ImageOperation[] | undefined;
  /** Changes of small pictures that are done before another thread would have been asked. */
  readonly #light: readonly ImageOperation[] | undefined;
  readonly #decode: Load<FileExample>;
  readonly #decodeAndFit: Load<FileExample>;
  readonly #decodeAndChange: Load<FileExample>;
  readonly #change: Load<{ readonly path: string; readonly image?: Pixels; readonly packed?: PackedPlace }>;
  readonly #unchangedGroups: PictureGroups | undefined;
  readonly #changedGroups: PictureGroups | undefined;

  /** @param notes where is noted what decoding says */
  constructor(files: BatchableFiles, options: CheckedImageOptions, notes: FileNotes) {
    const { colorMode, imageSize, augment, channels, cache } = options;
    const workers = sharedWorkers(options.workers);
    const cutsFirst = isCut(augment[0]);
    const fitting = fittingOf(options);
    const [height, width] = imageSize;
    const fitted = fittedRecipe(options);
    const isOwn = !augment.every(isDescribed);
    const changes = [...(isOwn ? [] : augment), fitting];
    this.#files = files;
    this.#fitting = fitting;
    this.#cutsFirst = cutsFirst;
    this.#own = isOwn ? augment : undefined;
    this.#light = isLight(augment, imageSize) ? augment : undefined;
    // A path waits at no cost, the bytes of a file do not.
    this.concurrency = Math.max(8, workers.concurrency * (files.onDisk ? 4 : 1));
    const whole = decoding(options, options.scaledDecode?.cut);
    const heard = { onNote: (note: DecodeNote, path: string): void => notes.add(path, note) };
    this.#decode = workers.load({ decode: whole }, heard);
    this.#decodeAndFit = workers.load(fitted, heard);
    const first = cutsFirst ? { decode: whole, operations: [] } : fitted;
    const changed = {
      decode: first.decode ?? whole,
      operations: [...(first.operations ?? []), ...changes],
      size: imageSize,
    };
    this.#decodeAndChange = workers.load(changed, heard);
    const kept = { decode: { colorMode }, size: imageSize };
    const change = { ...kept, operations: changes };
    this.#change = workers.load(change);
    this.#kept = decodedPictures(files, {
      // Whole pictures take too much room to keep them unasked.
      cache: cache ?? (cutsFirst ? false : undefined),
      recipe: JSON.stringify(cutsFirst ? whole : fitted),
      pictureBytes: cutsFirst ? undefined : height * width * channels,
    });
    const groupsOf = (recipe: ImageRecipe): PictureGroups | undefined => {
      const pictureBytes = height * width * channels;
      return PictureGroups.of({ files, kept: this.#kept, workers, recipe, pictureBytes, notes });
    };
    const unchanged = { ...kept, operations: [fitting] };
    this.#unchangedGroups = groupsOf(this.#kept === undefined ? fitted : unchanged);
    this.#changedGroups = isOwn ? undefined : groupsOf(this.#kept === undefined ? changed : change);
  }

  /** Reads pictures, in any order. */
  async readAll<Wanted extends { readonly file: number }>(
    wanted: readonly Wanted[],
    pass: PicturePass,
    taker: PictureTaker<Wanted>,
  ): Promise<void> {
    const later: Wanted[] = [];
    for (const each of wanted) {
      try {
        const pixels = this.#readNow(each.file, pass.random);
        if (pixels === undefined) later.push(each);
        else taker.take(each, pixels);
      } catch (error) {
        taker.fail(each, error);
      }
    }
    if (later.length === 0) return;
    const groups = pass.random === undefined ? this.#unchangedGroups : this.#changedGroups;
    const left = groups === undefined ? later : await groups.readAll(later, pass, taker);
    await mapConcurrently(left, this.concurrency, async (each) => {
      const { file } = each;
      let pixels: Pixels;
      try {
        pixels = await this.read(file, pass.random && elementRandom(pass.random, file), pass.signal);
      } catch (error) {
        taker.fail(each, error);
        return;
      }
      taker.take(each, pixels);
    });
  }

  /**
   * A picture that is in memory, at once: waiting for another thread costs more than copying a small picture.
   *
   * @returns undefined where it takes {@link read}; else pixels not to be written to
   * @throws {WorkerError} its file is damaged.
   */
  #readNow(file: number, random: PassRandom | undefined): Pixels | undefined {
    const changes = random === undefined ? [] : this.#own === undefined ? this.#light : undefined;
    const decoded = changes && this.#kept?.peek(file);
    if (decoded === undefined || changes === undefined) return undefined;
    const stream = random === undefined ? unused : elementRandom(random, file);
    return this.#fitting.apply(
      changes.reduce((pixels, step) => step.apply(pixels, stream), decoded),
      unused,
    );
  }

  /**
   * @param random what changes draw from; without it the picture is as its file shows it
   * @param signal raised when its user is done
   */
  async read(place: number, random: RandomStream | undefined, signal: AbortSignal): Promise<Pixels> {
    const file = this.#files.at(place);
    const { path } = file;
    const context = contextOf(place, random, signal);
    if (this.#kept === undefined && (random === undefined || this.#own === undefined)) {
      return (await (random === undefined ? this.#decodeAndFit : this.#decodeAndChange)(file, context)).image;
    }
    if (random !== undefined && this.#own === undefined) {
      const packed = await this.#kept?.locate(place);
      // Where the pack is gone, the picture is made anew.
      const picture = packed && (await this.#change({ path, packed }, context).catch(orThrowDamage));
      if (picture !== undefined) return picture.image;
    }
    // Others may wait for the same picture: nobody's leaving stops it.
    const decode = async (): Promise<Pixels> =>
      (await (this.#cutsFirst ? this.#decode : this.#decodeAndFit)(file, contextOf(place, undefined, lasting))).image;
    const decoded = this.#kept === undefined ? await decode() : await this.#kept.get(place, decode, signal);
    if (random === undefined) return this.#fitting.apply(decoded, unused);
    if (this.#own === undefined) return (await this.#change({ path, image: decoded }, context)).image;
    const changed = this.#own.reduce(
      (pixels, step, index) => changePixels("ImageFiles", index, step, pixels, random),
      decoded,
    );
    return this.#fitting.apply(changed, unused);
  }
}

/** How a file becomes a picture that batches take, unchanged: what is kept of it. */
export function fittedRecipe(options: CheckedImageOptions): ImageRecipe {
  return {
    decode: decoding(options, options.scaledDecode?.whole),
    operations: [fittingOf(options)],
    size: options.imageSize,
  };
}

/** @param times how many times the wanted size a large file is decoded at least; undefined: as it is */
function decoding(
  { colorMode, orientation, imageSize: [height, width] }: CheckedImageOptions,
  times: number | undefined,
): NonNullable<ImageRecipe["decode"]> {
  const plain = { colorMode, orientation };
  return times === undefined ? plain : { ...plain, atLeast: [Math.ceil(times * height), Math.ceil(times * width)] };
}

/** Threads that read, as many as usual unless told. */
export function sharedWorkers(count: number | undefined): ImageWorkers {
  return workersOf(count ?? usualWorkers());
}

const lasting = new AbortController().signal;

/** Damage and the end of all reading are what they are; the rest may be of the pack. */
function orThrowDamage(error: unknown): undefined {
  const code = error instanceof FeaturemapError ? error.code : "";
  if (["INVALID_FORMAT", "ABORTED", "NOT_READY"].includes(code)) throw error;
}

/** Fitting draws nothing. */
const unused = new RandomStream(0);

function contextOf(index: number, random: RandomStream | undefined, signal: AbortSignal): ElementContext {
  return { index, epoch: 0, isSeeded: random !== undefined, random: random ?? unused, signal };
}

/** A part that is cut out at random and enlarged needs all of the file's pixels. */
function isCut(step: ImageOperation | undefined): boolean {
  return step?.name === "randomResizedCrop" || step?.name === "resize";
}

/** Changes that do little more than move pixels. */
const lightChanges: ReadonlySet<string> = new Set(["randomFlipLeftRight", "randomFlipUpDown", "randomCrop"]);
/** Pixels of a picture whose way to another thread and back takes longer than such a change. */
const lightPixels = 4096;

function isLight(augment: readonly ImageOperation[], [height, width]: readonly [number, number]): boolean {
  return height * width <= lightPixels && augment.every(({ name }) => lightChanges.has(name));
}

function fittingOf({ imageSize, interpolation, fit }: CheckedImageOptions): ImageOperation {
  return resize(imageSize, { interpolation, cropToAspectRatio: fit === "crop", padToAspectRatio: fit === "pad" });
}
