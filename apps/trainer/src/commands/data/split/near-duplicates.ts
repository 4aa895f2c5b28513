import { type ImageFiles, datasetHealth } from "@featuremap/datasets";
import { healthPictures } from "../health-pictures.ts";
import type { LeftOut } from "../../../data/part.ts";

/** Pictures that show the same, and those that show nothing. */
export interface NearDuplicates {
  /** Places of two pictures or more, each group rising. */
  readonly groups: readonly (readonly number[])[];
  readonly unreadable: readonly (LeftOut & { readonly place: number })[];
}

/** Decodes every picture to find those that show the same. @throws {AbortedError} the signal was raised. */
export async function findNearDuplicates(
  files: ImageFiles,
  {
    workers,
    signal,
    onProgress,
  }: {
    readonly workers?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<NearDuplicates> {
  const { nearDuplicates, unreadable } = await datasetHealth(healthPictures(files, { workers, signal }), {
    onProgress: ({ pictures }) => onProgress?.(pictures, files.size),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    groups: nearDuplicates.map((group) => group.map(({ index }) => index)),
    unreadable: unreadable.map(({ index, path, reason }) => ({ place: index, path, reason })),
  };
}
