import { constants, open, stat } from "node:fs/promises";
import { InvalidConfigError } from "@featuremap/tensor";
import { checkPath } from "../check-arguments.ts";
import { attempt } from "../system-error.ts";
import { checkKind } from "./read-file.ts";

/** A file that is open: any part of it can be read, so that a large one need not be in memory whole. */
export interface OpenedFile {
  /** Its length when it was opened, in bytes. */
  readonly size: number;
  /**
   * Bytes `[begin, end)`.
   *
   * @throws {InvalidConfigError} they do not lie in the file.
   * @throws {UnavailableError} the system refuses, or the file has become shorter.
   */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Opens a file to read parts of it. Only a regular file, or a link to one. Whoever opens it closes it.
 *
 * @throws {InvalidConfigError} the path is not a text.
 * @throws {UnavailableError} it is absent, not a regular file, or the system refuses.
 */
export async function openFile(path: string): Promise<OpenedFile> {
  checkPath("openFile", "path", path);
  return attempt("read", path, async () => {
    checkKind(path, await stat(path));
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      checkKind(path, found);
      const { size } = found;
      return {
        size,
        read: (begin, end) =>
          attempt("read", path, async () => {
            if (!(Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin <= end && end <= size)) {
              throw new InvalidConfigError("openFile", "begin and end", `ascending and at most ${size}`, [begin, end]);
            }
            const bytes = new Uint8Array(end - begin);
            for (let loaded = 0; loaded < bytes.length;) {
              const length = bytes.length - loaded;
              const { bytesRead } = await file.read({
                buffer: bytes,
                offset: loaded,
                length,
                position: begin + loaded,
              });
              if (bytesRead === 0) throw new Error("it changed while being read");
              loaded += bytesRead;
            }
            return bytes;
          }),
        close: () => file.close(),
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}
