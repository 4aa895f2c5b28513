import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const maker = fileURLToPath(new URL("make_pictures.py", import.meta.url));

/** Python 3 with Pillow and numpy. */
export const python = process.env["FEATUREMAP_BENCH_PYTHON"] ?? "python3";

/** Where pictures lie from one measurement to the next. */
export const cache = process.env["FEATUREMAP_BENCH_CACHE"] ?? join(tmpdir(), "featuremap-bench");

/** A folder with so many square JPEG files, made if it is missing. @param {number} side @param {number} count */
export function picturesOf(side, count) {
  const folder = join(cache, `pictures-${side}`);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length < count) {
    const made = spawnSync(python, [maker, folder, String(count), String(side)], { stdio: "inherit" });
    if (made.status !== 0) throw new Error("the pictures could not be made: is Pillow installed?");
  }
  return folder;
}
