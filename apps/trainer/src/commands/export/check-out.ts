import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { isAddress } from "../../models/find-model.ts";
import { checkBundleTarget } from "../../output/bundle-target.ts";
import { newFile } from "../../output/new-file.ts";
import { isPage } from "./write-page.ts";

/** Endings of files that hold models, or pages that this is not; a folder of such a name would be taken for one. */
const fileEnding =
  /\.(keras|h5|hdf5|onnx|ort|safetensors|npz|npy|pt|pth|pb|tflite|ckpt|mlmodel|bin|json|zip|tar|t?gz|xhtml|mht|mhtml)$/i;

/**
 * Makes sure that writing there destroys nothing that is not meant.
 *
 * @param location the model that is written
 * @throws {InvalidConfigError} the name is one of another kind of file, or a page's is a folder's.
 * @throws {UnavailableError} something else than an older bundle is there, or the model itself.
 */
export async function checkOut(location: string, out: string, force: boolean): Promise<void> {
  if (isPage(out)) {
    await newFile("export", "--out", out, force);
    return;
  }
  if (fileEnding.test(resolve(out))) {
    const expected = "a folder or a page that ends in .html; featuremap convert writes files of other formats";
    throw new InvalidConfigError("export", "--out", expected, out);
  }
  await checkBundleTarget(out);
  if (force || isAddress(location) || !(await isSameFolder(location, out))) return;
  throw new UnavailableError(
    `${out} is the folder of the model itself, whose weights would be lost`,
    "Give --force to write over it, or another folder with --out.",
  );
}

/** Whether both are one folder, by whatever names and links. */
async function isSameFolder(location: string, out: string): Promise<boolean> {
  const source = basename(location) === "model.json" ? dirname(resolve(location)) : location;
  const [first, second] = await Promise.all(
    [source, out].map((path) => stat(path, { bigint: true }).catch(() => undefined)),
  );
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}
