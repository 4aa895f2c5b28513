import { type DatasetHealth, type HealthExample, type ImageFiles, datasetHealth } from "@featuremap/datasets";
import { RandomStream } from "@featuremap/tensor";
import { healthExamples } from "@featuremap/visualize";
import type { HealthReport, PartName, Shown, Thumbnail } from "./report-data.ts";
import { type ReadingSettings, mapSome, readPictures, thumbnailOf } from "./thumbnails.ts";

/** Findings of each kind that are shown. */
export const healthShown = 4;
/** Pixels of a picture's longer side. */
const side = 64;

interface Place {
  readonly files: ImageFiles;
  readonly place: number;
}

/** Looks at the data's pictures in the network's size, at no more than `most`, which are chosen at random. */
export async function inspectHealth(
  parts: readonly (readonly [PartName, ImageFiles])[],
  classNames: readonly string[],
  {
    most,
    seed,
    onProgress,
    ...reading
  }: ReadingSettings & {
    readonly most: number;
    readonly seed: number;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<Shown<HealthReport>> {
  if (most === 0) return { absent: "The data's health was not looked at." };
  const all = parts.reduce((sum, [, files]) => sum + files.size, 0);
  const share = Math.min(most / all, 1);
  const places: Place[] = [];
  const total = Math.min(most, all);
  async function* examples(name: PartName, files: ImageFiles): AsyncGenerator<HealthExample> {
    const count = Math.min(Math.max(Math.round(files.size * share), 1), files.size);
    const order = new RandomStream(seed).fork(`health of ${name}`).permutation(files.size);
    const chosen = Array.from(order.subarray(0, count)).toSorted((a, b) => a - b);
    for await (const { place, image, label, path } of readPictures(files, chosen, reading)) {
      places.push({ files, place });
      yield { image, path, ...(label < 0 ? {} : { label }) };
    }
    const damaged = new Map(files.skipped.map(({ path, reason }) => [path, reason]));
    for (const place of chosen) {
      const { path, label } = files.at(place);
      const reason = damaged.get(path);
      if (reason === undefined) continue;
      places.push({ files, place });
      yield { error: reason, path, ...(label < 0 ? {} : { label }) };
    }
  }
  const findings: DatasetHealth = await datasetHealth(
    Object.fromEntries(parts.map(([name, files]) => [name, examples(name, files)])),
    {
      classNames,
      onProgress: ({ pictures }) => onProgress(Math.min(pictures, total), total),
      ...(reading.signal === undefined ? {} : { signal: reading.signal }),
    },
  );
  const pictures = new Map<number, Thumbnail>();
  const shown = healthExamples(findings, healthShown);
  for (const [, files] of parts) {
    const indices = shown.filter((index) => places[index]?.files === files);
    const chosen = indices.map((index) => places[index]?.place ?? 0);
    const found = await mapSome(readPictures(files, chosen, reading), async ({ place, image }) => ({
      place,
      thumbnail: await thumbnailOf(image, side),
    }));
    for (const { place, thumbnail } of found) {
      const index = indices[chosen.indexOf(place)];
      if (index !== undefined) pictures.set(index, thumbnail);
    }
  }
  const [height, width] = reading.preprocessing.size;
  return { value: { findings, pictures, looked: places.length, all, size: [height, width] } };
}
