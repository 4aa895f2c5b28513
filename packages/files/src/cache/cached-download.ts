import { createHash } from "node:crypto";
import { rename, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FormatError, InvalidConfigError, UnavailableError, shorten } from "@featuremap/tensor";
import { cacheFolder } from "./cache-folder.ts";
import { checkPath } from "../check-arguments.ts";
import { downloadPart } from "../http/download-part.ts";
import { type FetchOptions, checkAddress } from "../http/follow-response.ts";
import { type HashName, hashFile } from "../read/hash-file.ts";
import { type OpenedFile, openFile } from "../read/open-file.ts";
import { lockFolder } from "../write/lock-folder.ts";
import { checkReadOptions, throwIfAborted } from "../read/read-options.ts";
import { flushFolder, removeQuietly } from "../write/replace-file.ts";
import { attempt } from "../system-error.ts";

/** What is downloaded, and where to. */
export interface CachedDownloadOptions extends FetchOptions {
  /** SHA-256 of the right file: 64 hexadecimal digits. `null` where its publisher gives no hash: then any file of its name is right. */
  readonly sha256?: string | null | undefined;
  /** MD5 of the right file, where its publisher gives no other hash: 32 hexadecimal digits. */
  readonly md5?: string | undefined;
  /** Default: `downloads` in {@link cacheFolder}. */
  readonly directory?: string | undefined;
  /** Name of the file there. Default: the last part of the address. */
  readonly name?: string | undefined;
  /**
   * Tells whether it is a file of its kind at all: what it is instead, or undefined if it is right. Of use where the publisher gives no
   * hash: a wrong download is refused and not kept, and a wrong file of the cache is downloaded anew.
   */
  readonly check?: ((file: FileToCheck) => Promise<WrongFile | undefined> | WrongFile | undefined) | undefined;
  /** Paths where the file may be besides, as in another program's cache. A right one is taken as it is; others are let be. */
  readonly alsoAt?: readonly string[] | undefined;
  /** Bytes that it may have at most. Default: 16 GiB. */
  readonly limit?: number | undefined;
  /** Whether a download that broke off goes on where it was. Default: true. */
  readonly resume?: boolean | undefined;
}

/** A file before it is taken. */
export type FileToCheck = Pick<OpenedFile, "size" | "read">;

/** What a file is that is not of its kind, in words for an error. */
export interface WrongFile {
  /** As "an HDF5 file". */
  readonly expected: string;
  /** As "a web page". */
  readonly found: string;
}

const owner = "cachedDownload";

/** What tells the right file from others. */
interface Checksum {
  readonly name: HashName;
  readonly digits: string;
}

interface Target {
  readonly source: string;
  readonly place: string;
  readonly checksum: Checksum | undefined;
  readonly check: CachedDownloadOptions["check"];
  /** Tells apart what is downloaded at the same time. */
  readonly key: string;
}

const titles: Readonly<Record<HashName, string>> = { sha256: "SHA-256", md5: "MD5" };

/**
 * A file of the network on the disk, downloaded if it is not there yet, and right by its checksum every time.
 *
 * It comes to its place whole or not at all; what a broken download has got stays aside for the next one, also that of
 * another process, and processes that want the same file wait for one that gets it. Whoever has no network puts the file
 * there by hand: the error says where.
 *
 * @returns the path of the file
 * @throws {InvalidConfigError} the address is not one of http or https, or an option is unknown or not what it may be.
 * @throws {UnavailableError} it cannot be downloaded or written; the message is one line that says which file to put where.
 * @throws {FormatError} it is another file by its checksum or the check, or longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function cachedDownload(address: string | URL, options: CachedDownloadOptions): Promise<string> {
  const target = checkTarget(address, options);
  const { place, checksum, key } = target;
  const { signal, resume = true, alsoAt = [] } = options;
  if (await isRight(target, signal)) return place;
  for (const path of alsoAt) if (await isRightElsewhere(path, target, signal)) return path;
  const folder = join(resolve(place, ".."), ".parts");
  const part = join(folder, `${key}.part`);
  const release = await lockFor(folder, key, signal);
  try {
    // Whoever had the lock before may have got it.
    if (await isRight(target, signal)) return place;
    // Without a checksum nobody could tell that a part is of another file than the rest.
    if (!resume || checksum === undefined) await attempt("remove", part, () => rm(part, { force: true }));
    await download(address, part, target, options);
    await attempt("write", place, async () => {
      await rename(part, place);
      await flushFolder(resolve(place, ".."));
    });
    return place;
  } finally {
    await release();
  }
}

function checkTarget(address: string | URL, options: CachedDownloadOptions): Target {
  checkReadOptions(owner, options, {
    sha256: true,
    md5: true,
    directory: true,
    name: true,
    alsoAt: true,
    check: true,
    resume: true,
    patience: true,
    leastRate: true,
  });
  const source = checkAddress(owner, address);
  const { directory, name = basename(decoded(new URL(source).pathname)), resume = true, alsoAt = [], check } = options;
  const checksum = checksumOf(options);
  // Names that Windows does not allow would make a cache that cannot be taken there.
  if (typeof name !== "string" || !/^[^/\\:*?"<>|\p{Cc}]{1,200}$/u.test(name) || /^\.|[. ]$/.test(name)) {
    throw new InvalidConfigError(owner, "name", "the name of a file, without a folder", name);
  }
  if (typeof resume !== "boolean") throw new InvalidConfigError(owner, "resume", "true or false", resume);
  if (check !== undefined && typeof check !== "function") {
    throw new InvalidConfigError(owner, "check", "a function", check);
  }
  if (directory !== undefined) checkPath(owner, "directory", directory);
  if (!Array.isArray(alsoAt)) throw new InvalidConfigError(owner, "alsoAt", "a list of paths", alsoAt);
  for (const path of alsoAt) checkPath(owner, "alsoAt", path);
  return {
    source,
    place: join(resolve(directory ?? join(cacheFolder(), "downloads")), name),
    checksum,
    check,
    key: checksum?.digits ?? createHash("sha256").update(String(address)).digest("hex"),
  };
}

function checksumOf({ sha256, md5 }: CachedDownloadOptions): Checksum | undefined {
  if (sha256 === null && md5 === undefined) return undefined;
  if (md5 !== undefined && (typeof md5 !== "string" || !/^[0-9a-f]{32}$/i.test(md5))) {
    throw new InvalidConfigError(owner, "md5", "the file's MD5 as 32 hexadecimal digits", md5);
  }
  if (md5 !== undefined && (sha256 ?? null) === null) return { name: "md5", digits: md5.toLowerCase() };
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InvalidConfigError(owner, "sha256", "the file's SHA-256 as 64 hexadecimal digits", sha256);
  }
  return { name: "sha256", digits: sha256.toLowerCase() };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/**
 * Whether the file is there. One that is not of its kind counts as none: nothing but a bad download puts it there.
 *
 * @throws {FormatError} another one is by its checksum: somebody may need it, and nobody overwrites it.
 */
async function isRight(target: Target, signal: AbortSignal | undefined): Promise<boolean> {
  const { place, checksum } = target;
  if (!(await isThere(place))) return false;
  if (checksum === undefined) return (await wrongAt(place, target)) === undefined;
  const hash = await hashFile(place, checksum.name, signal);
  if (hash === checksum.digits) return true;
  const expected = `${checksum.digits} (remove the file to download it anew)`;
  throw new FormatError(place, `its ${titles[checksum.name]}`, expected, hash);
}

/** The same of another program's place: what is there may be anything. */
async function isRightElsewhere(path: string, target: Target, signal: AbortSignal | undefined): Promise<boolean> {
  const { checksum } = target;
  try {
    if (checksum === undefined) return (await wrongAt(path, target)) === undefined;
    return (await hashFile(path, checksum.name, signal)) === checksum.digits;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** What a file is, if it is not of its kind. @throws {UnavailableError} it cannot be read, as a folder. */
async function wrongAt(path: string, { check }: Target): Promise<WrongFile | undefined> {
  const file = await openFile(path);
  try {
    return await check?.(file);
  } finally {
    await file.close();
  }
}

/** @throws {FormatError} what came is not of its kind. */
async function refuseWrong(part: string, target: Target): Promise<void> {
  const wrong = await wrongAt(part, target);
  if (wrong === undefined) return;
  throw new FormatError(target.source, "the file", wrong.expected, `${wrong.found}; nothing of it was kept`);
}

/** Waits until nobody else gets this file. */
async function lockFor(folder: string, key: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  // A lock's purpose is a word of letters.
  const purpose = `part${key.slice(0, 16).replaceAll(/\d/g, (digit) => "ghijklmnop".charAt(Number(digit)))}`;
  for (;;) {
    throwIfAborted(folder, signal);
    try {
      return await lockFolder(folder, purpose);
    } catch (error) {
      // Of the lock alone: where the system refuses, there is a cause.
      if (!(error instanceof UnavailableError) || error.cause !== undefined) throw error;
    }
  }
}

async function download(
  address: string | URL,
  part: string,
  target: Target,
  options: CachedDownloadOptions,
): Promise<void> {
  const { source, place, checksum } = target;
  try {
    const isBegun = await isThere(part);
    await downloadPart(address, part, options);
    if (checksum === undefined) return await refuseWrong(part, target);
    const { name, digits } = checksum;
    let hash = await hashFile(part, name, options.signal);
    if (hash !== digits && isBegun) {
      // What was there may have been of an older file.
      await removeQuietly(part);
      await downloadPart(address, part, options);
      hash = await hashFile(part, name, options.signal);
    }
    if (hash === digits) return;
    // A web page in its place says more than its hash.
    await refuseWrong(part, target);
    throw new FormatError(source, `its ${titles[name]}`, digits, hash);
  } catch (error) {
    // Of a wrong file there is nothing to go on with.
    if (error instanceof FormatError) await removeQuietly(part);
    if (!(error instanceof UnavailableError)) throw error;
    const reason = shorten(error.message.replaceAll(/\s+/g, " "), 300);
    const mark = checksum === undefined ? "" : ` (${titles[checksum.name]} ${checksum.digits})`;
    const remedy = `Get it elsewhere and put it at ${place}${mark}. The reason: ${reason}`;
    throw new UnavailableError(`Cannot download ${source}`, remedy, { cause: error });
  }
}
