import type { ImageFiles } from "@featuremap/datasets";
import { chooseCellRows, mostOfRightCell, mostOfWrongCell } from "./choose-pictures.ts";
import type { Captioned, CellPictures, MatrixCell, Predictions, Scores } from "./report-data.ts";
import { captionOf } from "./shown-pictures.ts";
import { type ReadingSettings, encodeWebp, mapSome, readPictures, shrink } from "./thumbnails.ts";

/** Bytes that all of them may take, before they are written as text. */
const mostBytes = 3.5e6;

interface Kept {
  readonly cell: MatrixCell;
  readonly picture: Required<Captioned> & { readonly file: Uint8Array };
}

/** Pictures of the cells of a confusion matrix, as many as there is room for. */
export async function cellPictures(
  files: ImageFiles,
  predictions: Predictions,
  { matrix, images }: Scores,
  reading: ReadingSettings,
  onProgress: (done: number, total: number) => void,
): Promise<CellPictures> {
  const chosen = chooseCellRows(predictions, matrix.cells, matrix.classes);
  const ofPlace = new Map(chosen.map((each) => [predictions.places[each.row] ?? -1, each]));
  let [bytes, done] = [0, 0];
  async function* whileThereIsRoom(): ReturnType<typeof readPictures> {
    for await (const read of readPictures(files, [...ofPlace.keys()], reading)) {
      if (bytes > mostBytes) return;
      yield read;
    }
  }
  const kept = await mapSome(whileThereIsRoom(), async ({ place, image }): Promise<readonly Kept[]> => {
    const found = ofPlace.get(place);
    if (found === undefined) return [];
    const file = await encodeWebp(shrink(image), 80);
    bytes += file.length;
    onProgress(++done, chosen.length);
    return [{ cell: found.cell, picture: { ...captionOf(predictions, found.row), file } }];
  });
  const byCell = new Map<MatrixCell, Kept["picture"][]>();
  for (const { cell, picture } of kept.flat()) byCell.set(cell, [...(byCell.get(cell) ?? []), picture]);
  const cells = matrix.cells.flatMap((cell) => {
    const pictures = byCell.get(cell);
    return pictures === undefined ? [] : [{ row: cell.row, column: cell.column, pictures }];
  });
  return { cells, kept: kept.flat().length, all: images, mostWrong: mostOfWrongCell, mostRight: mostOfRightCell };
}
