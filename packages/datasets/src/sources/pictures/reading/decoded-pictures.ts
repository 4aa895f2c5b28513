import { freeBytes, keptBytes, originOf, wholePath } from "#pack-folder";
import { cacheFolder, sha256 } from "@featuremap/files";
import type { Pixels } from "@featuremap/images";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { LazyStore } from "../../../pipeline/packed/lazy-store.ts";
import type { PackedPlace } from "../../../pipeline/packed/packed-store.ts";
import { copyElement } from "../../../pipeline/steps/copy-element.ts";
import type { BatchableFiles } from "../files/file-example.ts";

/** Bytes of pictures that stay in memory, all of a data set's or none. */
const mostInMemory = 2 ** 26;

/** Bytes of pictures that are kept on the disk without being asked for. */
export const mostOnDisk: number = 2 ** 34;

/** Bytes of packs that are read whole, and stay. */
const packsInMemory = 2 ** 28;

/** Where decoded pictures are kept: in memory, or in a folder. */
export interface DecodedPictures {
  /** A picture of the caller's own, to write to. @param make decodes it @param signal raised when its user is done: what waits is written then */
  get(place: number, make: () => Promise<Pixels>, signal: AbortSignal): Promise<Pixels>;
  /** A picture that is in memory, as it lies there, not to be written to; undefined where it takes `get`. @throws {WorkerError} its file is damaged. */
  peek(place: number): Pixels | undefined;
  /** Where a picture lies that is on the disk already. */
  locate(place: number): Promise<PackedPlace | undefined>;
  /** The same, of a picture whose file was looked at before. */
  locateNow(place: number): PackedPlace | undefined;
}

/** The same in a folder. */
export interface PicturesOnDisk extends DecodedPictures {
  /** Whether a picture is there; undefined where there is no such file. */
  has(place: number): Promise<boolean | undefined>;
  /** Writes what waits. */
  flush(): Promise<void>;
}

/** What decides where pictures are kept. */
export interface KeepingOptions {
  /** A folder; true: the usual place; false: nowhere. Undefined: true, where pictures are few enough. */
  readonly cache: boolean | string | undefined;
  /** What pictures depend on beside their files. */
  readonly recipe: string;
  /** Bytes of a picture; undefined where they have sizes of their own. */
  readonly pictureBytes: number | undefined;
}

/**
 * A place for the pictures of files that are decoded once; undefined where every epoch decodes.
 *
 * @throws {InvalidConfigError} a folder is asked for, and nothing tells whether the pictures are others by the next time.
 */
export function decodedPictures(
  files: BatchableFiles,
  { cache, recipe, pictureBytes }: KeepingOptions,
): DecodedPictures | undefined {
  const total = pictureBytes === undefined ? Number.POSITIVE_INFINITY : files.basePaths.length * pictureBytes;
  if (cache === false || (cache === undefined && total > mostOnDisk)) return undefined;
  if (cache === undefined && total <= mostInMemory) {
    return files.onDisk ? inMemoryUnlessPacked(files, recipe, total) : inMemory(files);
  }
  if (!files.onDisk) {
    if (cache === undefined) return undefined;
    const expected = "left out or false for pictures in an archive, or read by a function";
    throw new InvalidConfigError("ImageFiles", "cache", expected, cache);
  }
  return picturesOnDisk(files, { recipe, cache, total });
}

/** A folder for the pictures of files. @param total bytes that all of them take */
export function picturesOnDisk(
  files: BatchableFiles,
  {
    recipe,
    cache,
    total,
  }: Pick<KeepingOptions, "recipe"> & { readonly cache: true | string | undefined; readonly total: number },
): PicturesOnDisk {
  let store: Promise<LazyStore | undefined> | undefined;
  let opened: LazyStore | undefined;
  // What a file was when it was first looked at: asking again in every epoch takes as long as reading.
  const origins = new Map<number, string>();
  const origin = async (place: number): Promise<string | undefined> => {
    const known = origins.get(place) ?? (await originOf(files.at(place).path));
    if (known !== undefined) origins.set(place, known);
    return known;
  };
  return {
    peek(place) {
      const from = origins.get(place);
      return from === undefined ? undefined : (opened?.peek(files.baseIndex(place), from) as Pixels | undefined);
    },
    async locate(place) {
      const from = await origin(place);
      return from === undefined ? undefined : (await store)?.locate(files.baseIndex(place), from);
    },
    locateNow(place) {
      const from = origins.get(place);
      return from === undefined ? undefined : opened?.locateNow(files.baseIndex(place), from);
    },
    async has(place) {
      store ??= openStore(files, recipe, cache, total);
      opened = await store;
      const from = await origin(place);
      return from === undefined ? undefined : ((await opened?.has(files.baseIndex(place), from)) ?? false);
    },
    async flush() {
      await (await store)?.flush();
    },
    async get(place, make, signal) {
      store ??= openStore(files, recipe, cache, total);
      opened = await store;
      const from = await origin(place);
      if (opened === undefined || from === undefined) return make();
      return opened.get(files.baseIndex(place), from, signal, make);
    },
  };
}

/** In memory, but for those that lie in the cache folder already, where `pack` put them. */
function inMemoryUnlessPacked(files: BatchableFiles, recipe: string, total: number): DecodedPictures {
  let choice: Promise<DecodedPictures> | undefined;
  let chosen: DecodedPictures | undefined;
  const choose = async (): Promise<DecodedPictures> => {
    const place = await placeOnDisk(files, recipe, undefined).catch(refusalOf);
    const isPacked = !(place instanceof UnavailableError) && (await keptBytes(place.directory)) > 0;
    chosen = isPacked ? picturesOnDisk(files, { recipe, cache: undefined, total }) : inMemory(files);
    return chosen;
  };
  return {
    peek: (place) => chosen?.peek(place),
    locateNow: (place) => chosen?.locateNow(place),
    locate: async (place) => chosen?.locate(place),
    async get(place, make, signal) {
      const pictures = await (choice ??= choose());
      return pictures.get(place, make, signal);
    },
  };
}

function inMemory(files: BatchableFiles): DecodedPictures {
  const kept = new Map<number, Promise<Pixels>>();
  const ready = new Map<number, Pixels>();
  return {
    peek(place) {
      return ready.get(files.baseIndex(place));
    },
    locate: () => Promise.resolve(undefined),
    locateNow: () => undefined,
    get(place, make) {
      const index = files.baseIndex(place);
      const made = kept.get(index) ?? make();
      if (!kept.has(index)) {
        made.then(
          (pixels) => ready.set(index, pixels),
          () => kept.delete(index),
        );
      }
      kept.set(index, made);
      return made.then(copyElement);
    },
  };
}

/**
 * The folder of some files' pictures. Parts and sizes have their own: one that finds another's pictures removes them.
 *
 * @throws {UnavailableError} none is named, and there is no cache folder.
 */
export async function placeOnDisk(
  { basePaths }: Pick<BatchableFiles, "basePaths">,
  recipe: string,
  cache: true | string | undefined,
): Promise<{ readonly name: string; readonly directory: string }> {
  const name = await sha256(new TextEncoder().encode(`${recipe}\n${basePaths.map(wholePath).join("\n")}`));
  const folder = typeof cache === "string" ? cache : `${cacheFolder()}/pictures`;
  return { name, directory: `${folder}/${name.slice(0, 32)}` };
}

async function openStore(
  files: BatchableFiles,
  recipe: string,
  cache: true | string | undefined,
  total: number,
): Promise<LazyStore | undefined> {
  const isAsked = cache !== undefined;
  const chosen = await placeOnDisk(files, recipe, cache).catch(refusalOf);
  if (chosen instanceof UnavailableError) {
    if (isAsked) throw chosen;
    warn(chosen);
    return undefined;
  }
  const { name, directory } = chosen;
  // What an earlier training has kept takes no more room.
  if (!isAsked && total - (await keptBytes(directory)) > (await freeBytes(directory)) / 2) return undefined;
  const options = { directory, key: name, size: files.basePaths.length, memory: packsInMemory };
  return isAsked ? new LazyStore(options) : new LazyStore(options, warn);
}

/** An error that says that there is no place, as a value. */
function refusalOf(error: unknown): UnavailableError {
  if (error instanceof UnavailableError) return error;
  throw error;
}

/** Nobody asked for a cache: where there is none, or it cannot be written, training goes on without. */
function warn(failure: UnavailableError): void {
  // oxlint-disable-next-line no-console -- nothing fails, but every epoch is slower than it could be.
  console.warn(`ImageFiles: every epoch decodes the pictures that are not stored, which is slower. ${failure.message}`);
}
