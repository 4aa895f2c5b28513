import { access, constants, mkdtemp, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cacheFolder, reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { usualRunsFolder } from "../../run/run-names.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { checkRoom, countedFiles } from "./check-machine.ts";
import { type Finding, formatBytes } from "./finding.ts";

/** The cache: where it is, what it holds, whether it can be written. */
export async function checkCache(): Promise<readonly Finding[]> {
  const remedy = "Set FEATUREMAP_CACHE to a folder that you may write: downloads and decoded pictures are kept there.";
  let folder: string;
  try {
    folder = cacheFolder();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return [{ topic: "cache", status: "warning", text: "No cache: the user has no home", remedy }];
  }
  const refusal = await writeRefusal(folder);
  const { bytes, files } = await measure(folder);
  const holds = files === 0 ? "empty" : `${formatBytes(bytes)} in ${countedFiles(files)}`;
  const about = `Cache ${folder}: ${holds}`;
  if (refusal !== undefined) {
    return [{ topic: "cache", status: "warning", text: `${about}, cannot be written (${refusal})`, remedy }];
  }
  const toMakeRoom = `Remove what is no longer needed; everything in ${folder} can be fetched again.`;
  return [checkRoom("cache", about, await freeBytes(folder), toMakeRoom)];
}

/** Where runs go. */
export async function checkRunsFolder(folder: string): Promise<Finding> {
  const runs = resolve(folder, usualRunsFolder);
  const refusal = await writeRefusal(runs);
  const about = `Runs go to ${shownPath(runs, folder)}`;
  if (refusal === undefined) {
    return checkRoom("runs", about, await freeBytes(runs), "Make room, or give --out a folder on another disk.");
  }
  const remedy = "Go to a folder that you may write, or give --out one.";
  return { topic: "runs", status: "warning", text: `${about}, which cannot be written (${refusal})`, remedy };
}

/** Why a folder cannot be written, or cannot be made where it is not there yet. */
async function writeRefusal(folder: string): Promise<string | undefined> {
  const there = await existing(folder);
  try {
    const status = await stat(there);
    if (!status.isDirectory()) return `${there} is a file`;
    await access(there, constants.W_OK);
    if (there !== folder) return undefined;
    // Only trying it tells of disks that are full or may only be read.
    await rm(await mkdtemp(join(folder, ".featuremap-doctor-")), { recursive: true });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The folder, or the nearest around it that there is. */
async function existing(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const parent = dirname(path);
  return isThere || parent === path ? path : existing(parent);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await existing(folder));
  return bavail * bsize;
}

async function measure(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let [bytes, files] = [0, 0];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const status = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (status === undefined) continue;
    bytes += status.size;
    files++;
  }
  return { bytes, files };
}
