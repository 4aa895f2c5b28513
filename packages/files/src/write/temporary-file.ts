import { randomUUID } from "node:crypto";
import { type FileHandle, open, rmdir, stat, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { InvalidConfigError } from "@featuremap/tensor";
import { checkPath } from "../check-arguments.ts";
import { attempt } from "../system-error.ts";
import { makeFolder } from "./make-folder.ts";
import { removeQuietly } from "./replace-file.ts";

/** What is too large for memory, on the disk while it is used. */
export interface TemporaryFile {
  /** Bytes that were written. */
  readonly size: number;
  /** Writes at the end. @throws {UnavailableError} the system refuses, as where the disk is full. */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Bytes `[begin, end)`.
   *
   * @throws {InvalidConfigError} they were not written. @throws {UnavailableError} the system refuses.
   */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Gives its room on the disk back. */
  close(): Promise<void>;
}

/**
 * Opens a file that nobody else sees: it has no name, so that nothing is left of it however the process ends. Where the system
 * does not let go of the name of an open file, closing it does.
 *
 * @param folder on whose disk it is; one that is missing is there for as long as the name is. Default: the system's folder for such files
 * @throws {UnavailableError} the system refuses.
 */
export async function temporaryFile(folder: string = tmpdir()): Promise<TemporaryFile> {
  checkPath("temporaryFile", "folder", folder);
  const path = join(folder, `.featuremap-${randomUUID()}`);
  return attempt("write", path, async () => {
    const missing = await missingFolders(resolve(folder));
    const clear = async (): Promise<void> => {
      // Those in which others have put something meanwhile stay.
      for (const made of missing) await rmdir(made).catch(() => {});
    };
    const file = await openNew(folder, path).catch(async (error: unknown) => {
      await clear();
      throw error;
    });
    const isNameless = await unlink(path).then(
      () => true,
      () => false,
    );
    if (isNameless) await clear();
    let size = 0;
    return {
      get size() {
        return size;
      },
      append: (bytes) =>
        attempt("write", path, async () => {
          for (let done = 0; done < bytes.length;) {
            const { bytesWritten } = await file.write(bytes, done, bytes.length - done, size);
            done += bytesWritten;
            size += bytesWritten;
          }
        }),
      read: (begin, end) =>
        attempt("read", path, async () => {
          if (!(Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin <= end && end <= size)) {
            throw new InvalidConfigError("temporaryFile", "begin and end", `ascending and at most ${size}`, [
              begin,
              end,
            ]);
          }
          const bytes = new Uint8Array(end - begin);
          for (let loaded = 0; loaded < bytes.length;) {
            const length = bytes.length - loaded;
            const { bytesRead } = await file.read({ buffer: bytes, offset: loaded, length, position: begin + loaded });
            if (bytesRead === 0) throw new Error("it has become shorter");
            loaded += bytesRead;
          }
          return bytes;
        }),
      close: async () => {
        await file.close();
        if (isNameless) return;
        await removeQuietly(path);
        await clear();
      },
    };
  });
}

async function openNew(folder: string, path: string): Promise<FileHandle> {
  await makeFolder(folder);
  return open(path, "wx+", 0o600);
}

/** Of a folder and those it lies in, the ones that are not there, the innermost first. */
async function missingFolders(folder: string): Promise<readonly string[]> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere ? [] : [folder, ...(dirname(folder) === folder ? [] : await missingFolders(dirname(folder)))];
}
