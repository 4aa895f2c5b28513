import type { Pixels } from "@featuremap/images";
import { FeaturemapError } from "@featuremap/tensor";
import type { PackedPlace } from "../../../pipeline/packed/packed-store.ts";
import type { ImageRecipe } from "../../../workers/image-recipe.ts";
import type { ImageWorkers } from "../../../workers/image-workers.ts";
import type { FilledGroup, GroupedPicture, PictureGroup } from "../../../workers/picture-group.ts";
import { WorkerError } from "../../../workers/worker-error.ts";
import type { DecodedPictures } from "./decoded-pictures.ts";
import type { BatchableFiles } from "../files/file-example.ts";
import type { FileNotes } from "../files/file-notes.ts";
import type { PicturePass, PictureTaker } from "./picture-pass.ts";

/** What groups are made of. */
export interface GroupingOptions {
  readonly files: BatchableFiles;
  readonly kept: DecodedPictures | undefined;
  readonly workers: ImageWorkers;
  /** What becomes of files or, where pictures are kept, of these; it ends in one size. */
  readonly recipe: ImageRecipe;
  readonly pictureBytes: number;
  readonly notes: FileNotes;
}

/** Pictures that a message is worth: more would leave other workers without. */
const mostTogether = 16;
/** Bytes of a group. */
const mostBytes = 2 ** 22;

/** A picture that is wanted, and where it is read from. */
interface Found<Wanted> {
  readonly wanted: Wanted;
  readonly picture: GroupedPicture;
}

/** Reads pictures in groups, each by one worker. */
export class PictureGroups {
  readonly #options: GroupingOptions;
  readonly #fill: (group: PictureGroup, signal: AbortSignal) => Promise<FilledGroup>;
  readonly #size: number;
  /** Memory of groups that nobody fills. */
  readonly #spare: ArrayBuffer[] = [];

  private constructor(options: GroupingOptions, fill: NonNullable<ReturnType<ImageWorkers["fill"]>>, size: number) {
    this.#options = options;
    this.#fill = fill;
    this.#size = size;
  }

  /** @returns undefined where there are no workers, or pictures are too large to be made together */
  static of(options: GroupingOptions): PictureGroups | undefined {
    const fill = options.workers.fill(options.recipe);
    const size = Math.min(mostTogether, Math.floor(mostBytes / options.pictureBytes));
    return fill === undefined || size < 1 ? undefined : new PictureGroups(options, fill, size);
  }

  /** Reads pictures. @returns those that have to be read one by one */
  async readAll<Wanted extends { readonly file: number }>(
    all: readonly Wanted[],
    pass: PicturePass,
    taker: PictureTaker<Wanted>,
  ): Promise<Wanted[]> {
    const found: Found<Wanted>[] = [];
    const left: Wanted[] = [];
    const sort = (wanted: Wanted, source: GroupedPicture["source"] | undefined): void => {
      const { file } = wanted;
      if (source === undefined) left.push(wanted);
      else found.push({ wanted, picture: { name: this.#options.files.filePaths[file] ?? "", source, element: file } });
    };
    const unknown = all.filter((wanted) => {
      const source = this.#sourceNow(wanted.file);
      if (source !== undefined) sort(wanted, source);
      return source === undefined;
    });
    const sources = await Promise.all(unknown.map(({ file }) => this.#source(file)));
    for (const [index, wanted] of unknown.entries()) sort(wanted, sources[index]);
    const size = Math.min(this.#size, Math.ceil(found.length / this.#options.workers.count));
    const groups = Array.from({ length: Math.ceil(found.length / Math.max(size, 1)) }, (_, index) =>
      found.slice(index * size, (index + 1) * size),
    );
    const failed = await Promise.all(groups.map((group) => this.#read(group, pass, taker)));
    return [...left, ...failed.flat()];
  }

  async #read<Wanted>(
    group: readonly Found<Wanted>[],
    { random, signal }: PicturePass,
    taker: PictureTaker<Wanted>,
  ): Promise<Wanted[]> {
    const { kept, notes, pictureBytes, recipe } = this.#options;
    const [height = 0, width = 0] = recipe.size ?? [];
    const target = this.#spare.pop() ?? new ArrayBuffer(this.#size * pictureBytes);
    const pictures = group.map(({ picture }) => picture);
    let filled: FilledGroup;
    try {
      filled = await this.#fill({ pictures, random, target, pictureBytes }, signal);
    } catch (error) {
      // The picture that ended its worker has a name when it is read by itself.
      if (error instanceof FeaturemapError && error.code === "UNAVAILABLE") return group.map(({ wanted }) => wanted);
      throw error;
    }
    const faults = new Map(filled.faults);
    for (const [place, note] of filled.notes) notes.add(pictures[place]?.name ?? "", note);
    const again: Wanted[] = [];
    for (const [place, { wanted }] of group.entries()) {
      const fault = faults.get(place);
      if (fault === undefined) {
        taker.take(wanted, { data: new Uint8Array(filled.target, place * pictureBytes, pictureBytes), width, height });
      } else if (kept === undefined) taker.fail(wanted, new WorkerError(fault));
      // It may be the pack that is gone or damaged.
      else again.push(wanted);
    }
    this.#spare.push(filled.target);
    return again;
  }

  #sourceNow(file: number): string | PackedPlace | undefined {
    const { files, kept } = this.#options;
    if (kept !== undefined) return kept.locateNow(file);
    return files.onDisk ? files.filePaths[file] : undefined;
  }

  async #source(file: number): Promise<PackedPlace | Pixels | undefined> {
    const { kept } = this.#options;
    const place = await kept?.locate(file);
    if (place !== undefined) return place;
    const pixels = kept?.peek(file);
    // With a view would go all of the memory that it looks at.
    return pixels && { ...pixels, data: new Uint8Array(pixels.data) };
  }
}
