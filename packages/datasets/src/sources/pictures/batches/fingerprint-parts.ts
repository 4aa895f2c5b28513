import { isDescribed } from "@featuremap/images";
import type { BatchableFiles } from "../files/file-example.ts";
import type { CheckedImageOptions } from "../files/image-options.ts";

/**
 * What batches of files depend on, but for the seed: the same where the folder as a whole lies elsewhere.
 *
 * @param how what becomes of pictures once they are read
 */
export function* partsOf(
  { labels, classNames, filePaths }: BatchableFiles,
  options: CheckedImageOptions,
  how: readonly unknown[],
): Generator<string | ArrayBufferView, void> {
  const { augment, workers: _, cache: __, ...images } = options;
  const changes = augment.map((step) => (isDescribed(step) ? [step.name, step.arguments] : step.name));
  yield JSON.stringify([how, images, changes, classNames]);
  if (labels !== undefined) yield labels;
  const from = commonFolder(filePaths).length;
  for (const path of filePaths) yield path.slice(from);
}

/** How all paths begin, up to a separator: the folder that they were found in, or more. */
function commonFolder(paths: readonly string[]): string {
  const [first = ""] = paths;
  let common = first.length;
  for (const path of paths) {
    common = Math.min(common, path.length);
    while (!path.startsWith(first.slice(0, common))) common -= 1;
  }
  return first.slice(0, Math.max(first.lastIndexOf("/", common - 1), first.lastIndexOf("\\", common - 1)) + 1);
}
