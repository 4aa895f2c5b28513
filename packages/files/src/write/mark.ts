import { createHash, randomBytes } from "node:crypto";
import { readFile, readlink, stat } from "node:fs/promises";
import { hostname } from "node:os";

/**
 * Names of files that lie about for a moment carry a mark: who made them, so that others can tell whether the maker
 * still lives. It stands in the name, because a name is there at once and whole, and belongs to one file for ever:
 * whoever removes a file by the mark of the dead cannot hit one of the living.
 *
 * Machine (or container), process, the moment it began, this module's own number, and a number for each file.
 */
export const markPattern = "[0-9a-f]{8}-[0-9]+-[0-9]+-[0-9a-f]{8}-[0-9a-f]{8}";

const instance = randomBytes(4).toString("hex");
const held = new Set<string>();
let origin: Promise<string> | undefined;

/** A new mark, in use until {@link dropMark}. */
export async function makeMark(): Promise<string> {
  origin ??= originOfThisProcess();
  const mark = `${await origin}-${instance}-${randomBytes(4).toString("hex")}`;
  held.add(mark);
  return mark;
}

/** Says that the file of this mark is not needed any more, even if it could not be removed. */
export function dropMark(mark: string): void {
  held.delete(mark);
}

/** The process that made a mark, or undefined where it runs on another machine or in another container. */
export async function processOfMark(mark: string): Promise<number | undefined> {
  origin ??= originOfThisProcess();
  const [place, pid] = mark.split("-");
  return (await origin).startsWith(`${place}-`) ? Number(pid) : undefined;
}

/**
 * Whether the file's maker is gone. A process that has the number of a dead one began at another moment, which Linux
 * tells. Elsewhere, and of other machines, only silence tells: nobody has touched the file for so long.
 *
 * @param silence milliseconds
 */
export async function isAbandoned(path: string, mark: string, silence: number): Promise<boolean> {
  const [, , start, maker] = mark.split("-");
  if (maker === instance) return !held.has(mark);
  const pid = await processOfMark(mark);
  if (pid !== undefined) {
    if (!isRunning(pid)) return true;
    const found = await startOf(pid);
    if (found !== unknownStart && start !== unknownStart) return found !== start;
  }
  const touched = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - touched > silence;
}

async function originOfThisProcess(): Promise<string> {
  const known = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  const place = createHash("sha256")
    .update([hostname(), ...known].join("\n"))
    .digest("hex")
    .slice(0, 8);
  return `${place}-${process.pid}-${await startOf(process.pid)}`;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const unknownStart = "0";

/** When a process began, in Linux's ticks since the machine did; "ended" of one whose parent has not noticed yet. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The second field, the program's name in parentheses, may hold spaces and parentheses of its own.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return "ended";
  return fields[18] ?? unknownStart;
}
