import { rename, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FormatError, InvalidConfigError, UnavailableError, shorten } from "@featuremap/tensor";
import { cacheFolder } from "./cache-folder.ts";
import { checkPath } from "../check-arguments.ts";
import { downloadPart } from "../http/download-part.ts";
import { type FetchOptions, checkAddress } from "../http/follow-response.ts";
import { hashFile } from "../read/hash-file.ts";
import { lockFolder } from "../write/lock-folder.ts";
import { checkReadOptions, throwIfAborted } from "../read/read-options.ts";
import { flushFolder, removeQuietly } from "../write/replace-file.ts";
import { attempt } from "../system-error.ts";

/** What is downloaded, and where to. */
export interface CachedDownloadOptions extends FetchOptions {
  /** SHA-256 of the right file: 64 hexadecimal digits. */
  readonly sha256: string;
  /** Default: `downloads` in {@link cacheFolder}. */
  readonly directory?: string | undefined;
  /** Name of the file there. Default: the last part of the address. */
  readonly name?: string | undefined;
  /** Bytes that it may have at most. Default: 16 GiB. */
  readonly limit?: number | undefined;
  /** Whether a download that broke off goes on where it was. Default: true. */
  readonly resume?: boolean | undefined;
}

const owner = "cachedDownload";

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
 * @throws {FormatError} it is another file by its checksum, or longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function cachedDownload(address: string | URL, options: CachedDownloadOptions): Promise<string> {
  const { place, sha256 } = checkTarget(address, options);
  const { signal, resume = true } = options;
  if (await isRight(place, sha256, signal)) return place;
  const folder = join(resolve(place, ".."), ".parts");
  const part = join(folder, `${sha256}.part`);
  const release = await lockFor(folder, sha256, signal);
  try {
    // Whoever had the lock before may have got it.
    if (await isRight(place, sha256, signal)) return place;
    if (!resume) await attempt("remove", part, () => rm(part, { force: true }));
    await download(address, part, place, options);
    await attempt("write", place, async () => {
      await rename(part, place);
      await flushFolder(resolve(place, ".."));
    });
    return place;
  } finally {
    await release();
  }
}

function checkTarget(address: string | URL, options: CachedDownloadOptions): { place: string; sha256: string } {
  checkReadOptions(owner, options, {
    sha256: true,
    directory: true,
    name: true,
    resume: true,
    patience: true,
    leastRate: true,
  });
  const { pathname } = new URL(checkAddress(owner, address));
  const { directory, name = basename(decoded(pathname)), sha256, resume = true } = options;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InvalidConfigError(owner, "sha256", "the file's SHA-256 as 64 hexadecimal digits", sha256);
  }
  // Names that Windows does not allow would make a cache that cannot be taken there.
  if (typeof name !== "string" || !/^[^/\\:*?"<>|\p{Cc}]{1,200}$/u.test(name) || /^\.|[. ]$/.test(name)) {
    throw new InvalidConfigError(owner, "name", "the name of a file, without a folder", name);
  }
  if (typeof resume !== "boolean") throw new InvalidConfigError(owner, "resume", "true or false", resume);
  if (directory !== undefined) checkPath(owner, "directory", directory);
  return {
    place: join(resolve(directory ?? join(cacheFolder(), "downloads")), name),
    sha256: sha256.toLowerCase(),
  };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** Whether the file is there. @throws {FormatError} another one is: somebody may need it, and nobody overwrites it. */
async function isRight(place: string, sha256: string, signal: AbortSignal | undefined): Promise<boolean> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) return false;
  const hash = await hashFile(place, signal);
  if (hash === sha256) return true;
  throw new FormatError(place, "its SHA-256", `${sha256} (remove the file to download it anew)`, hash);
}

/** Waits until nobody else gets this file. */
async function lockFor(folder: string, sha256: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  // A lock's purpose is a word of letters.
  const purpose = `part${sha256.slice(0, 16).replaceAll(/\d/g, (digit) => "ghijklmnop".charAt(Number(digit)))}`;
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
  place: string,
  options: CachedDownloadOptions,
): Promise<void> {
  const source = checkAddress(owner, address);
  const sha256 = options.sha256.toLowerCase();
  try {
    const begun = await stat(part).catch(() => undefined);
    await downloadPart(address, part, options);
    let hash = await hashFile(part, options.signal);
    if (hash !== sha256 && begun !== undefined) {
      // What was there may have been of an older file.
      await removeQuietly(part);
      await downloadPart(address, part, options);
      hash = await hashFile(part, options.signal);
    }
    if (hash !== sha256) throw new FormatError(source, "its SHA-256", sha256, hash);
  } catch (error) {
    // Of a wrong file there is nothing to go on with.
    if (error instanceof FormatError) await removeQuietly(part);
    if (!(error instanceof UnavailableError)) throw error;
    const reason = shorten(error.message.replaceAll(/\s+/g, " "), 300);
    const remedy = `Get it elsewhere and put it at ${place} (SHA-256 ${sha256}). The reason: ${reason}`;
    throw new UnavailableError(`Cannot download ${source}`, remedy, { cause: error });
  }
}
