import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { beginFileWhole, cacheFolder, reasonOf, sha256 } from "@featuremap/files";
import { FeaturemapError, FormatError, UnavailableError } from "@featuremap/tensor";
import { gunzip } from "./inflate.node.ts";

/** What a packed archive may grow to. */
const largest = 2 ** 38;

/**
 * Unpacks a gzip file into the cache folder, once for as long as it does not change.
 *
 * @returns where it is
 * @throws {UnavailableError} it cannot be read, or the cache folder cannot be written.
 * @throws {FormatError} it is damaged, or unpacks to more than 256 GiB.
 */
export async function unpackGzip(path: string): Promise<string> {
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof FeaturemapError) throw cause;
      throw new UnavailableError(`Cannot unpack ${path}: ${reasonOf(cause)}`, "Check the path and the disk.", {
        cause,
      });
    }
  };
  const { size, mtimeMs } = await attempt(() => stat(path));
  const key = await sha256(new TextEncoder().encode(`${resolve(path)} ${size} ${mtimeMs}`));
  const name = basename(path).replace(/\.(tgz|gz)$/i, "");
  const place = join(cacheFolder(), "unpacked", `${key.slice(0, 16)}-${name}`);
  const isThere = await stat(place).then(
    () => true,
    () => false,
  );
  if (isThere) return place;
  // Another process may do the same: each has a file of its own until it is whole.
  const unpacked = await beginFileWhole(place);
  try {
    await attempt(async () => {
      let length = 0;
      for await (const bytes of gunzip(createReadStream(path, { highWaterMark: 2 ** 20 }), path)) {
        length += bytes.length;
        if (length > largest) throw new FormatError(path, "the unpacked file", `at most ${largest} bytes`, "more");
        await unpacked.write(bytes);
      }
      await unpacked.finish();
    });
  } finally {
    await unpacked.discard();
  }
  return place;
}
