import { type CurveHistory, plotBars, plotCalibration, plotConfusionMatrix, plotCurves } from "@featuremap/visualize";
import { className } from "./words.ts";
import type { Predictions, ReportData, Scores, Shown } from "./report-data.ts";
import { denseMatrix } from "./score-predictions.ts";

/** Classes up to which a confusion matrix is drawn: of more, not even a pixel would be left for each. */
const mostDrawnClasses = 2000;
/** Pixels that a cell takes at least, where each is one to press on with a finger. */
const leastCell = 26;
/** Classes up to which the drawing has an element for each cell. */
const mostPressed = 40;

/** The metrics' names as people say them are the history's. */
export function drawCurves(history: CurveHistory, width: number): string {
  return plotCurves(history, { width });
}

/**
 * @param options.isTouched whether cells are so large that a finger meets them, in a drawing that may be wider then
 * @param options.isListed whether what is most often confused is listed below a matrix of many classes
 */
export function drawMatrix(
  { matrix }: Scores,
  classNames: readonly string[],
  width: number,
  { isTouched = false, isListed = true }: { readonly isTouched?: boolean; readonly isListed?: boolean } = {},
): Shown<{ readonly svg: string; readonly isPressed: boolean }> {
  const { classes } = matrix;
  if (classes > mostDrawnClasses) {
    return { absent: `A confusion matrix is drawn for up to ${mostDrawnClasses} classes; the confusions are listed.` };
  }
  const isPressed = classes <= mostPressed;
  const needed = isPressed && isTouched ? classes * leastCell + 130 : width;
  const svg = plotConfusionMatrix(denseMatrix(matrix), {
    classNames: classNames.map((_, index) => className(classNames, index)),
    width: Math.max(width, needed),
    ...(isListed ? {} : { mostConfused: 0 }),
  });
  return { value: { svg, isPressed } };
}

export function drawCalibration({ labels, predicted, probabilities }: Predictions, width: number): string {
  const correct = Array.from(labels, (label, index) => label === predicted[index]);
  return plotCalibration(probabilities, correct, { width });
}

/** How many pictures of each class each part has. */
export function drawCounts({ parts, classNames }: Pick<ReportData, "parts" | "classNames">, width: number): string {
  const labelled = parts.flatMap(({ name, counts }) => (counts === null ? [] : [{ name, counts }]));
  return plotBars(
    Object.fromEntries(
      labelled.map(({ name, counts }) => [
        name,
        Object.fromEntries(counts.map((count, index) => [className(classNames, index), count])),
      ]),
    ),
    { width },
  );
}
