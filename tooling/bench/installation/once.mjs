import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Fills a folder, unless it was filled with the same before. A folder half filled is emptied and filled anew.
 *
 * @param {string} folder
 * @param {readonly string[]} contents What decides whether it is the same.
 * @param {() => Promise<void>} fill
 */
export async function once(folder, contents, fill) {
  const stamp = join(folder, ".installed");
  const wanted = `${contents.join("\n")}\n`;
  const present = await readFile(stamp, "utf8").catch(() => undefined);
  if (present === wanted) return;
  console.error(`Installing ${contents.join(", ")} ...`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fill();
  await writeFile(stamp, wanted);
}
