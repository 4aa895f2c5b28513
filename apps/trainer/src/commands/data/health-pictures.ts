import { Dataset, type FileExample, type HealthExample, type ImageFiles, ImageWorkers } from "@featuremap/datasets";
import { throwIfAborted } from "@featuremap/files";
import { FeaturemapError } from "@featuremap/tensor";
import { readHeader, uprightSize } from "../../data/file-header.ts";

/** Sides to which large photos are decoded at least: enough for what is looked for, a quarter of the time. */
const least = 256;

/**
 * The pictures of files for `datasetHealth`, one for each file and in their order; large JPEG files are decoded smaller. One
 * that cannot be read comes with the reason.
 *
 * @throws {AbortedError} the signal was raised.
 */
export async function* healthPictures(
  files: ImageFiles,
  { workers, signal }: { readonly workers?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<HealthExample> {
  const pool = new ImageWorkers(workers === undefined ? {} : { workers });
  const load = pool.load<FileExample>({ decode: { atLeast: [least, least] } });
  const pictures = Dataset.from({ size: files.size, at: (place) => files.at(place) }).map(
    async (example: FileExample, context): Promise<HealthExample> => {
      const { path, label } = example;
      const named = { path, ...(label < 0 ? {} : { label }) };
      try {
        const found = await readHeader(example);
        if ("data" in found) return { ...named, image: found };
        const { source, header } = found;
        // What was read of an archive is not read twice.
        const whole = typeof source === "string" ? example : { path, label, contents: () => Promise.resolve(source) };
        const { image } = await load(whole, context);
        return { ...named, image, size: uprightSize(header) };
      } catch (error) {
        const reason = reasonFor(error);
        if (reason === undefined) throw error;
        return { ...named, error: reason };
      }
    },
    { concurrency: pool.concurrency },
  );
  try {
    for await (const picture of pictures) {
      throwIfAborted(files.filePaths[0] ?? "files", signal);
      yield picture;
    }
  } finally {
    await pool.close();
  }
}

/** Why one file cannot be read; undefined for what is not about the file. */
function reasonFor(error: unknown): string | undefined {
  if (error instanceof FeaturemapError) {
    return error.code === "INVALID_FORMAT" || error.code === "UNAVAILABLE" ? error.message : undefined;
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  return code === "ENOENT" ? "It is not there." : `It cannot be read (${code}).`;
}
