import { imageGrid, plotHealth, plotImageGrid, toPng } from "@featuremap/visualize";
import { drawCalibration, drawCounts, drawCurves, drawMatrix } from "./drawings.ts";
import { answerOf, className, percent } from "./words.ts";
import type { ReportData, ShownPicture } from "./report-data.ts";
import { healthShown } from "./inspect-health.ts";

/** Pixels of the drawings. */
const width = 960;

/** The report's drawings by the names of their files. */
export function drawPictures(data: ReportData): ReadonlyMap<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>();
  const { history, judged, labelled, firstBatches, filters, featureMaps, gradCam, health, classNames } = data;
  if (history !== undefined && "value" in history) files.set("learning-curves.svg", drawCurves(history.value, width));
  if ("value" in judged) {
    const { scores, predictions, mostWrong } = judged.value;
    const matrix = drawMatrix(scores, classNames, width);
    if ("value" in matrix) files.set("confusion-matrix.svg", matrix.value.svg);
    files.set("calibration.svg", drawCalibration(predictions, width));
    if (mostWrong.length > 0) files.set("most-wrong.svg", drawGallery("Most wrong pictures", mostWrong, classNames));
  }
  if (data.parts.some(({ counts }) => counts !== null)) files.set("classes.svg", drawCounts(data, width));
  if ("value" in labelled) {
    files.set("labelled.svg", drawGallery("Labelled pictures", labelled.value, classNames));
    files.set(
      "labelled.png",
      toPng(
        imageGrid(
          labelled.value.map(({ pixels }) => pixels),
          { cellSize: 96, columns: 5 },
        ),
      ),
    );
  }
  if (firstBatches !== undefined && "value" in firstBatches) {
    for (const [index, { pictures }] of firstBatches.value.entries()) {
      const titles = pictures.map(({ caption }) => caption);
      const images = pictures.map(({ pixels }) => pixels);
      const title = `Training pictures, batch ${index + 1}`;
      files.set(`training-batch-${index + 1}.svg`, plotImageGrid(images, { titles, width, title, columns: 8 }));
    }
  }
  if ("value" in filters) files.set("filters.png", toPng(filters.value.pixels));
  if ("value" in featureMaps) {
    for (const { layer, pixels } of featureMaps.value.layers) {
      files.set(`feature-maps-${fileName(layer)}.png`, toPng(pixels));
    }
  }
  if ("value" in gradCam) files.set("grad-cam.svg", drawGradCam(gradCam.value, classNames));
  if ("value" in health) {
    const { findings, pictures } = health.value;
    const pixels = new Map([...pictures].map(([index, picture]) => [index, picture.pixels]));
    files.set("health.svg", plotHealth(findings, pixels, { classNames, width, examples: healthShown }));
  }
  return files;
}

function drawGallery(title: string, pictures: readonly ShownPicture[], classNames: readonly string[]): string {
  const answers = pictures.map((picture) => answerOf(classNames, picture));
  return plotImageGrid(
    pictures.map(({ pixels }) => pixels),
    {
      title,
      width,
      titles: answers.map(({ lines }) => lines.join("\n")),
      wrong: answers.map(({ isWrong }) => isWrong),
    },
  );
}

function drawGradCam(
  { layer, pictures }: Extract<ReportData["gradCam"], { readonly value: unknown }>["value"],
  classNames: readonly string[],
): string {
  const tiles = pictures.flatMap((picture) => {
    const { pixels, label, predicted = label, probability = Number.NaN, maps } = picture;
    const heats = maps.map(({ classIndex, pixels: heat }) => ({
      pixels: heat,
      title: `for ${className(classNames, classIndex)}${classIndex === predicted ? `, ${percent(probability)}` : ""}`,
      wrong: classIndex === predicted && predicted !== label,
    }));
    return [{ pixels, title: `is ${className(classNames, label)}`, wrong: false }, ...heats];
  });
  return plotImageGrid(
    tiles.map(({ pixels }) => pixels),
    {
      title: `Where the network looked: Grad-CAM of ${layer}`,
      width,
      columns: 6,
      titles: tiles.map(({ title }) => title),
      wrong: tiles.map(({ wrong }) => wrong),
    },
  );
}

/** Layers inside other models have a slash in their names. */
function fileName(layer: string): string {
  return layer.replaceAll(/[^\w.-]+/g, "-");
}
