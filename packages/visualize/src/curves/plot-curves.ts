import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { frameOf } from "../axes/frame.ts";
import { legend } from "../axes/legend.ts";
import { linearScale, logarithmicScale, tightScale, type Scale } from "../axes/scale.ts";
import { formatValue } from "../axes/ticks.ts";
import { type PlotOptions, plotOptions, readPlotOptions, requireTexts } from "../svg/drawing-options.ts";
import { type Drawing, at, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { fontSizes, textAt } from "../svg/text.ts";
import { drawCurve } from "./curve.ts";
import { type CurveHistory, type Metric, readHistory } from "./read-history.ts";

export interface PlotCurvesOptions extends PlotOptions {
  /** Which metrics, in which order, without `val_`. Default: all that the history has but the cells of a confusion matrix. */
  readonly metrics?: readonly string[] | undefined;
  /** Metrics whose axis is logarithmic; `true` for all. What is not above 0 leaves a gap there. Default: none. */
  readonly logarithmic?: boolean | readonly string[] | undefined;
  /** As it was given to `fit`: after which epochs there is a value of validation. Default: 1, after each. */
  readonly validationFreq?: number | readonly number[] | undefined;
}

const curveOptions: OptionNames<PlotCurvesOptions> = {
  ...plotOptions,
  metrics: true,
  logarithmic: true,
  validationFreq: true,
};

/** The names under which the metric `ConfusionMatrix` logs its counts. */
const matrixCell = /^confusion_matrix_\d+_\d+$/;
const [panelHeight, panelGap, leastPanel] = [220, 24, 260];

/**
 * Draws learning curves: a panel for each metric, its values in training and validation over the epochs.
 *
 * Epochs are counted from 1, as progress lines do. NaN and infinity leave a gap, and a cross at the top. Of many points on one pixel
 * the extremes are kept. `History`, which `trainer.fit` gives, is one; so is `{ history }` by itself.
 *
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} the history or an option is not what it may be.
 */
export function plotCurves(history: CurveHistory, options: PlotCurvesOptions = {}): string {
  const owner = "plotCurves";
  const drawing = readPlotOptions(owner, options, curveOptions);
  const metrics = chosen(owner, readHistory(owner, history, options.validationFreq), options.metrics);
  const isLogarithmic = logarithmicMetrics(owner, options.logarithmic, metrics);
  const room = drawing.width - 2 * outerMargin;
  const columns = Math.max(Math.min(metrics.length, Math.floor((room + panelGap) / (leastPanel + panelGap))), 1);
  const width = (room - (columns - 1) * panelGap) / columns;
  const panels = metrics.map((metric) => panel(metric, width, isLogarithmic(metric)));
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row): Drawing => {
    const inRow = panels.slice(row * columns, (row + 1) * columns);
    const markup = inRow.map((each, column) => at(column * (width + panelGap), 0, each.markup));
    return { markup: markup.join(""), width: room, height: panelHeight };
  });
  const both = metrics.some(({ validation }) => validation !== undefined);
  const content = [
    ...heading(drawing.title, room),
    ...(metrics.length === 0 ? [remark("No epochs were completed.", room)] : []),
    ...(both ? [legend(["train", "validation"], room, "lines")] : []),
    stacked(rows, 14),
  ];
  return svgDocument(stacked(content), drawing, `Learning curves: ${metrics.map(({ name }) => name).join(", ")}`);
}

function chosen(owner: string, metrics: readonly Metric[], names: unknown): readonly Metric[] {
  if (names === undefined) return metrics.filter(({ name }) => !matrixCell.test(name));
  return requireTexts(owner, "metrics", names).map((wanted) => {
    const found = metrics.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    const known = metrics.map(({ name }) => name).join(", ");
    throw new InvalidConfigError(owner, "metrics", `among those of the history (${known})`, wanted);
  });
}

function logarithmicMetrics(owner: string, option: unknown, metrics: readonly Metric[]): (metric: Metric) => boolean {
  if (option === undefined || typeof option === "boolean") return () => option === true;
  const named = chosen(owner, metrics, requireTexts(owner, "logarithmic", option));
  return (metric) => named.includes(metric);
}

function panel({ name, train, validation }: Metric, width: number, logarithmic: boolean): Drawing {
  const curves = [train, validation].flatMap((curve, series) => (curve === undefined ? [] : [{ curve, series }]));
  const isDrawn = (value: number): boolean => Number.isFinite(value) && (!logarithmic || value > 0);
  const epochs = curves.flatMap(({ curve }) => [curve.x[0] ?? 1, curve.x[curve.x.length - 1] ?? 1]);
  const x = epochScale(
    epochs.reduce((a, b) => Math.min(a, b), Infinity),
    epochs.reduce((a, b) => Math.max(a, b), -Infinity),
    width,
  );
  const y = valueScale(
    curves.flatMap(({ curve }) => bounds(curve.y, isDrawn)),
    logarithmic,
  );
  const frame = frameOf({ width, height: panelHeight - 20, x, y, xName: "epoch", upright: false });
  const drawn = curves.map(({ curve, series }) =>
    drawCurve(curve, frame, series, isDrawn, (index) => {
      const side = series === 0 ? "train" : "validation";
      return `${name}, epoch ${curve.x[index]}\n${side}: ${formatValue(curve.y[index] ?? Number.NaN)}`;
    }),
  );
  const words = logarithmic ? `${name} (logarithmic)` : name;
  const title = textAt(words, 0, fontSizes.heading, { size: fontSizes.heading, bold: true, room: width });
  return { markup: title + at(0, 20, frame.markup, ...drawn), width, height: panelHeight };
}

/** Whole epochs from the first to the last, with a little room beside a single one. */
function epochScale(first: number, last: number, width: number): Scale {
  const [from, to] = first <= last ? [first, last] : [1, 1];
  const scale =
    from === to ? tightScale(from - 1, from + 1, 3) : tightScale(from, to, Math.min(width / 50, to - from + 1));
  return {
    ...scale,
    ticks: scale.ticks.filter(({ value }) => Number.isInteger(value) && value >= from && value <= to),
  };
}

function valueScale(values: readonly number[], logarithmic: boolean): Scale {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(low <= high)) return logarithmic ? logarithmicScale(0.1, 1, 5) : linearScale(0, 1, 5);
  return logarithmic ? logarithmicScale(low, high, 5) : linearScale(low, high, 6);
}

function bounds(values: ArrayLike<number>, isDrawn: (value: number) => boolean): readonly number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (isDrawn(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return low <= high ? [low, high] : [];
}
