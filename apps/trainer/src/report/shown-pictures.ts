import type { ImageFiles } from "@featuremap/datasets";
import type { SeenPicture } from "./explain-network.ts";
import type { Captioned, Predictions, ShownPicture } from "./report-data.ts";
import { type ReadingSettings, mapSome, readPictures, thumbnailOf } from "./thumbnails.ts";

/** Pictures at some places, with their right classes. */
export async function labelledPictures(
  files: ImageFiles,
  places: readonly number[],
  reading: ReadingSettings,
): Promise<readonly { readonly place: number; readonly picture: ShownPicture }[]> {
  return mapSome(readPictures(files, places, reading), async ({ place, image, label, path }) => ({
    place,
    picture: { path, label, ...(await thumbnailOf(image)) },
  }));
}

/** Pictures of some rows of predictions, in that order. */
export async function predictedPictures(
  files: ImageFiles,
  predictions: Predictions,
  rows: readonly number[],
  reading: ReadingSettings,
): Promise<readonly SeenPicture[]> {
  const rowOf = new Map(rows.map((row) => [predictions.places[row] ?? -1, row]));
  return mapSome(readPictures(files, [...rowOf.keys()], reading), async ({ place, image }) => ({
    ...captionOf(predictions, rowOf.get(place) ?? -1),
    ...(await thumbnailOf(image)),
    seen: image,
  }));
}

/** What was said of a row's picture. */
export function captionOf(
  { paths, labels, predicted, probabilities, losses }: Predictions,
  row: number,
): Required<Captioned> {
  return {
    path: paths[row] ?? "",
    label: labels[row] ?? 0,
    predicted: predicted[row] ?? 0,
    probability: probabilities[row] ?? 0,
    loss: losses[row] ?? 0,
  };
}
