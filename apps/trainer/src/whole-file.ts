import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";

/** A file that is written piece by piece, and is there once it is whole. */
export interface WholeFile {
  /** @throws {UnavailableError} the system refuses. */
  write(text: string): Promise<void>;
  /** Puts it in its place; an older one goes. @throws {UnavailableError} the system refuses. */
  finish(): Promise<void>;
  /** Takes back what was written; of a file that is finished nothing. */
  discard(): Promise<void>;
}

/** Characters that are gathered before they are written. */
const usualLength = 2 ** 16;

/** Beginning of the names of files that are not whole yet. */
export const unfinishedPrefix = ".featuremap-unfinished-";

/**
 * Begins a file of any length.
 *
 * @throws {UnavailableError} its folder is not there, or the system refuses.
 */
export async function beginWholeFile(path: string): Promise<WholeFile> {
  const unfinished = join(dirname(path), `${unfinishedPrefix}${process.pid}-${basename(path)}`);
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (cause) {
      throw new UnavailableError(`Cannot write ${path} (${reasonOf(cause)})`, "Choose another place with --out.", {
        cause,
      });
    }
  };
  const file = await attempt(() => open(unfinished, "w"));
  let text = "";
  let isOpen = true;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text);
    text = "";
    await file.writeFile(bytes);
  };
  return {
    async write(more) {
      text += more;
      if (text.length >= usualLength) await attempt(flush);
    },
    finish: () =>
      attempt(async () => {
        await flush();
        await file.sync();
        isOpen = false;
        await file.close();
        await rename(unfinished, path);
      }),
    async discard() {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
      await rm(unfinished, { force: true });
    },
  };
}
