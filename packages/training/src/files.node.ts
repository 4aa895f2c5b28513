import { appendFile, mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UnavailableError } from "@featuremap/tensor";

/**
 * Writes a file whole: whoever looks sees the old one or the new one, never a part. Its folder is made if missing.
 *
 * @throws {UnavailableError} the system refuses.
 */
export async function writeWholeFile(path: string, contents: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp`;
  await attempt(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, contents);
    await rename(temporary, path);
  });
}

/** Writes at the end of a file, which is made if missing, with its folder. @throws {UnavailableError} the system refuses. */
export async function appendToFile(path: string, contents: Uint8Array | string): Promise<void> {
  await attempt(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, contents);
  });
}

/** What a file holds; undefined if there is none. @throws {UnavailableError} the system refuses. */
export async function readFileIfAny(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw refusal("read", path, cause);
  }
}

/** Removes a file, if it is there. @throws {UnavailableError} the system refuses. */
export async function removeFile(path: string): Promise<void> {
  await attempt(path, () => rm(path, { force: true }));
}

/** Removes a folder, if it is there and holds nothing. @throws {UnavailableError} the system refuses. */
export async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (cause) {
    const kept = ["ENOENT", "ENOTEMPTY", "EEXIST"];
    if (!(cause instanceof Error && "code" in cause && kept.includes(String(cause.code))))
      throw refusal("write", path, cause);
  }
}

async function attempt(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw refusal("write", path, cause);
  }
}

function refusal(what: string, path: string, cause: unknown): UnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError(`Cannot ${what} ${path}: ${reason}`, "Choose a place that can be written.", { cause });
}
