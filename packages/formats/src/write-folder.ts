import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { UnavailableError } from "@featuremap/tensor";
import type { BundleContent } from "./bundle-content.ts";
import { documentName, weightsName } from "./model-document.ts";
import { reasonOf } from "./system-error.ts";

/** Weights under a name of their own, and temporary files. */
const leftover =
  /^weights-[0-9a-f]{16}\.safetensors$|^\.(model\.json|weights(-[0-9a-f]{16})?\.safetensors)\.[0-9a-f]{12}\.tmp$/;

/** Saves that are under way, by folder: the next one to the same folder waits for the one before it. */
const pending = new Map<string, Promise<void>>();

/**
 * Writes a bundle so that a crash at any moment leaves the folder with the old bundle or the new one.
 *
 * Every file gets a temporary name beside its place, is flushed to the disk, and is then renamed.
 * A new folder is filled under a temporary name and renamed as a whole.
 * In an existing one `model.json` decides: the new weights first get a name of their own, so that the old `model.json`
 * keeps the weights it names; once the new `model.json` is in place, the weights move to their usual name.
 * Saves to one folder wait for each other within a process; two processes must not save to one folder at once.
 *
 * @throws {UnavailableError} the system refuses; temporary files are then removed.
 */
export async function writeFolder(directory: string, content: BundleContent): Promise<void> {
  const folder = resolve(directory);
  const previous = pending.get(folder);
  const save = (async () => {
    await previous?.catch(() => {});
    await write(folder, content);
  })();
  pending.set(folder, save);
  try {
    await save;
  } catch (cause) {
    const remedy = "Choose a folder that can be written.";
    throw new UnavailableError(`Cannot save the bundle to ${directory}: ${reasonOf(cause)}`, remedy, { cause });
  } finally {
    if (pending.get(folder) === save) pending.delete(folder);
  }
}

async function write(folder: string, content: BundleContent): Promise<void> {
  if (!(await isThere(folder))) return createFolder(folder, content);
  const names = await readdir(folder);
  if (names.includes(documentName)) {
    const ownName = `weights-${content.digest.slice(0, 16)}.safetensors`;
    await replaceFile(folder, ownName, content.weights);
    await replaceFile(folder, documentName, content.document(ownName));
  }
  await replaceFile(folder, weightsName, content.weights);
  await replaceFile(folder, documentName, content.document());
  await removeLeftovers(folder, (name) => leftover.test(name));
}

async function createFolder(folder: string, content: BundleContent): Promise<void> {
  const parent = dirname(folder);
  const temporary = join(parent, temporaryName(basename(folder)));
  await makeFolder(parent);
  try {
    await mkdir(temporary);
    await writeFlushed(join(temporary, weightsName), content.weights);
    await writeFlushed(join(temporary, documentName), content.document());
    await flushFolder(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  await flushFolder(parent);
  await removeLeftovers(parent, (name) => isTemporary(name, basename(folder)));
}

/**
 * Makes a folder and those it lies in, the outermost first.
 *
 * Not `recursive: true`, which never ends where the system makes no folder in one that is there, as in /proc.
 */
async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path).catch((cause: NodeJS.ErrnoException) => {
    // Another save may have made it meanwhile.
    if (cause.code === "EEXIST") return;
    throw cause.code === "ENOENT" ? new Error(`the system makes no folder in ${parent}`, { cause }) : cause;
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, temporaryName(name));
  try {
    await writeFlushed(temporary, bytes);
    await rename(temporary, join(folder, name));
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  await flushFolder(folder);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames inside a folder last; Windows cannot open folders, and keeps its own journal. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes what this save and earlier ones that crashed left behind. */
async function removeLeftovers(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const leftovers = (await readdir(folder)).filter(isLeftover);
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Cleaning up after a failure must not hide the failure. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}

function temporaryName(name: string): string {
  return `.${name}.${randomBytes(6).toString("hex")}.tmp`;
}

function isTemporary(name: string, of: string): boolean {
  return name.startsWith(`.${of}.`) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(of.length + 2));
}
