import { readdir, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidConfigError, UnavailableError, checkOptions } from "@featuremap/tensor";
import { checkPath } from "../check-arguments.ts";
import { makeFolder } from "./make-folder.ts";
import { dropMark, isAbandoned, makeMark, markPattern, processOfMark } from "./mark.ts";
import { removeQuietly, writeFlushed } from "./replace-file.ts";
import { attempt } from "../system-error.ts";

/** How to lock a folder. */
export interface LockOptions {
  /** Seconds to wait for whoever has it. Default: 1, which settles who of two at the same moment was first. */
  readonly patience?: number | undefined;
}

/** Holders touch their file so often, in milliseconds; where nothing else tells, one not touched for `silence` is dead. */
const heartbeat = 10_000;
const silence = 120_000;

/**
 * Takes a folder for one purpose, among all processes; it is made if missing. Other purposes do not mind.
 *
 * A process that ends in whatever way leaves no lock behind: on the same machine the next one sees at once that it is
 * gone, on another machine or in another container after two minutes.
 *
 * How: a file in the folder, whose name says who made it, claims it. Everyone first makes a claim and then looks for
 * others; so of two, one at least sees the other, takes its claim back, and tries again after a random while.
 * The file system must show a new file to everyone at once: local disks do, NFS with its caches may not.
 *
 * @param purpose one word for names and messages, such as `training`
 * @returns gives the folder free again
 * @throws {UnavailableError} another process, or this one, has the folder for that purpose; or it cannot be written.
 */
export async function lockFolder(
  directory: string,
  purpose: string,
  options: LockOptions = {},
): Promise<() => Promise<void>> {
  checkPath("lockFolder", "directory", directory);
  checkOptions("lockFolder", options, { patience: true });
  if (typeof purpose !== "string" || !/^[a-z]{1,40}$/.test(purpose)) {
    throw new InvalidConfigError("lockFolder", "purpose", "one lower-case word", purpose);
  }
  const { patience = 1 } = options;
  if (!(patience >= 0))
    throw new InvalidConfigError("lockFolder", "patience", "a number of seconds, 0 or more", patience);
  const folder = resolve(directory);
  const deadline = performance.now() + patience * 1000;
  for (;;) {
    const claim = await attempt("write", directory, () => tryToClaim(folder, purpose));
    if (typeof claim === "function") return claim;
    if (performance.now() >= deadline) {
      const pid = await processOfMark(claim.mark);
      const who = pid === undefined ? "a process on another machine" : `process ${pid}`;
      const remedy = "Wait until it has ended, or choose another folder.";
      throw new UnavailableError(`${directory} is in use: ${who} uses it for ${purpose}`, remedy);
    }
    await sleep(10 + 60 * Math.random());
  }
}

/** A claim of somebody who lives. */
interface Claim {
  readonly mark: string;
}

async function tryToClaim(folder: string, purpose: string): Promise<Claim | (() => Promise<void>)> {
  await makeFolder(folder);
  const before = await findClaim(folder, purpose, "");
  if (before !== undefined) return before;
  const mark = await makeMark();
  const path = join(folder, `.featuremap-${purpose}-${mark}.lock`);
  const withdraw = async (): Promise<void> => {
    dropMark(mark);
    await removeQuietly(path);
  };
  try {
    await writeFlushed(path, new Uint8Array(0));
    const other = await findClaim(folder, purpose, mark);
    if (other !== undefined) {
      await withdraw();
      return other;
    }
  } catch (error) {
    await withdraw();
    throw error;
  }
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeat).unref();
  return async () => {
    clearInterval(timer);
    await withdraw();
  };
}

/** Somebody else's claim; those of the dead are removed. */
async function findClaim(folder: string, purpose: string, own: string): Promise<Claim | undefined> {
  const pattern = new RegExp(`^\\.featuremap-${purpose}-(${markPattern})\\.lock$`);
  for (const name of await readdir(folder)) {
    const mark = pattern.exec(name)?.[1];
    if (mark === undefined || mark === own) continue;
    const path = join(folder, name);
    if (!(await isAbandoned(path, mark, silence))) return { mark };
    await removeQuietly(path);
  }
  return undefined;
}
