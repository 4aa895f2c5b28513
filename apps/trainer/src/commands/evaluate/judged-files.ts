import { ImageFiles } from "@featuremap/datasets";
import { InvalidConfigError, RandomStream } from "@featuremap/tensor";
import type { Part } from "../../data/part.ts";
import type { TrainingData } from "../../data/training-data.ts";

/**
 * The pictures of some parts as files whose labels are the model's.
 *
 * @param indices the model's class for each of the data's
 * @param classNames the model's
 */
export function joinFiles(
  parts: readonly Part[],
  indices: readonly number[],
  classNames: readonly string[],
): ImageFiles {
  const all = parts.map(({ files }) => files);
  const places = all.flatMap((files) => Array.from({ length: files.size }, (_, place) => [files, place] as const));
  const areOnDisk = all.every((files) => files.at(0).file !== undefined);
  return new ImageFiles({
    paths: all.flatMap(({ filePaths }) => filePaths),
    labels: Int32Array.from(
      parts.flatMap(({ labels }) => Array.from(labels)),
      (label) => indices[label] ?? -1,
    ),
    classNames,
    skipped: all.flatMap(({ skipped }) => skipped),
    // Who judges is told of every file that cannot be read, however many they are.
    damagedShare: 1,
    ...(areOnDisk
      ? {}
      : {
          read: async (index) => {
            const [files, place] = places[index] ?? [];
            const contents = await files?.at(place ?? -1).contents();
            return contents ?? new Uint8Array();
          },
        }),
  });
}

/**
 * So many of the pictures: of arrays the first, of files, which stand class by class, some at random.
 *
 * @throws {InvalidConfigError} there are fewer.
 */
export function limitFiles(files: ImageFiles, limit: number | undefined, kind: TrainingData["kind"]): ImageFiles {
  if (limit === undefined || limit === files.size) return files;
  if (limit > files.size) {
    const expected = `an integer in [1, ${files.size}], the number of images`;
    throw new InvalidConfigError("evaluate", "--limit", expected, limit);
  }
  if (kind === "dataset") return files.take(limit);
  const order = new RandomStream(1).fork("limit").permutation(files.size);
  return files.select(order.slice(0, limit).toSorted());
}
