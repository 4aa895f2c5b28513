import { link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { dropMark, isAbandoned, makeMark, markPattern } from "./mark.ts";
import { flushFile } from "./flush-file.ts";

const temporaryName = new RegExp(`^\\.featuremap-(${markPattern})\\.tmp$`);

/** A temporary file of another machine counts as left behind after a day. */
const silence = 24 * 60 * 60 * 1000;

/**
 * Puts a file in the place of another: it gets a temporary name beside it, is flushed to the disk, and is then renamed.
 * Nothing is left where the system refuses.
 *
 * @param previous the name that the old file takes. Default: it goes
 */
export async function replaceFile(folder: string, name: string, bytes: Uint8Array, previous?: string): Promise<void> {
  await withTemporary(folder, async (temporary) => {
    await writeFlushed(temporary, bytes);
    if (previous !== undefined) await keepAs(previous, folder, name);
    await rename(temporary, join(folder, name));
  });
  await flushFolder(folder);
}

/** Gives a file, if it is there, a second name in place of another file; where the disk knows but one name, that one. */
async function keepAs(previous: string, folder: string, name: string): Promise<void> {
  const [path, kept] = [join(folder, name), join(folder, previous)];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  await withTemporary(folder, async (second) => {
    const isLinked = await link(path, second).then(
      () => true,
      () => false,
    );
    await rename(isLinked ? second : path, kept);
    // Of two names of one file, after a crash between the last two renames, the system renames none.
    if (isLinked) await removeQuietly(second);
  });
}

/** A name for a temporary file. */
export interface Temporary {
  readonly path: string;
  /** Says that it is not needed any more. */
  release(): void;
}

/** Takes a name for a temporary file, which counts as left behind only once this process has ended. */
export async function takeTemporary(folder: string): Promise<Temporary> {
  const mark = await makeMark();
  return { path: join(folder, `.featuremap-${mark}.tmp`), release: () => dropMark(mark) };
}

/** Runs work with a name for a temporary file, and removes the file unless the work has renamed it. */
export async function withTemporary<Result>(
  folder: string,
  work: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = await takeTemporary(folder);
  try {
    return await work(temporary.path);
  } catch (error) {
    await removeQuietly(temporary.path);
    throw error;
  } finally {
    temporary.release();
  }
}

/** Writes a new file, and waits until it is on the disk. */
export async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await flushFile(file);
  } finally {
    await file.close();
  }
}

/** Makes renames inside a folder last; Windows cannot open folders, and keeps its own journal. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await flushFile(folder);
  } finally {
    await folder.close();
  }
}

/** Removes the temporary files of processes that ended before they could; who cannot read the folder leaves them. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const mark = temporaryName.exec(name)?.[1];
    const path = join(folder, name);
    if (mark !== undefined && (await isAbandoned(path, mark, silence))) await removeQuietly(path);
  }
}

/** Cleaning up after a failure must not hide the failure. */
export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {});
}
