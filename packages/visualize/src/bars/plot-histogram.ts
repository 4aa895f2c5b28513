import type { OptionNames } from "@featuremap/tensor";
import { frameOf } from "../axes/frame.ts";
import { countScale, tightScale } from "../axes/scale.ts";
import { fillClass } from "../axes/series.ts";
import { formatNumber, formatValue, roundStep } from "../axes/ticks.ts";
import {
  type PlotOptions,
  plotOptions,
  readPlotOptions,
  requireInteger,
  requireNumbers,
  requireText,
} from "../svg/drawing-options.ts";
import { type Drawing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";

export interface PlotHistogramOptions extends PlotOptions {
  /** How many bars, roughly: their bounds are round numbers. Default: the square root of the number of values, up to 40. */
  readonly bins?: number | undefined;
  /** What the values are, below the axis. */
  readonly name?: string | undefined;
}

const histogramOptions: OptionNames<PlotHistogramOptions> = { ...plotOptions, bins: true, name: true };
const height = 240;

/**
 * Draws how values are distributed: weights, sizes, confidences. Values that are not finite are counted apart.
 *
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} the values or an option are not what they may be.
 */
export function plotHistogram(values: ArrayLike<number>, options: PlotHistogramOptions = {}): string {
  const owner = "plotHistogram";
  const drawing = readPlotOptions(owner, options, histogramOptions);
  const given = Array.from(requireNumbers(owner, "values", values));
  const finite = given.filter(Number.isFinite);
  const { bins = Math.min(Math.ceil(Math.sqrt(Math.max(finite.length, 1))), 40), name } = options;
  requireInteger(owner, "bins", bins, 1, 1000);
  if (name !== undefined) requireText(owner, "name", name);
  const width = drawing.width - 2 * outerMargin;
  const apart = given.length - finite.length;
  const content = [
    ...heading(drawing.title, width),
    ...(apart > 0
      ? [remark(`${formatValue(apart)} of ${formatValue(given.length)} values are not finite`, width)]
      : []),
    finite.length === 0 ? remark("No values.", width) : histogram(finite, bins, name, width),
  ];
  return svgDocument(stacked(content), drawing, name === undefined ? "Histogram" : `Histogram: ${name}`);
}

function histogram(values: readonly number[], bins: number, name: string | undefined, width: number): Drawing {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const step = stepOf(low, high, bins);
  const first = Math.floor(low / step);
  const count = Math.max(Math.floor(high / step) - first + 1, 1);
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    const bin = Math.min(Math.max(Math.floor(value / step) - first, 0), count - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edge = (bin: number): number => (first + bin) * step;
  const frame = frameOf({
    width,
    height,
    x: tightScale(edge(0), edge(count), width / 70),
    y: countScale(
      counts.reduce((a, b) => Math.max(a, b), 0),
      5,
    ),
    ...(name === undefined ? {} : { xName: name }),
    upright: false,
  });
  const bars = counts.map((each, bin) => {
    const [left, right, top] = [frame.x(edge(bin)), frame.x(edge(bin + 1)), frame.y(each)];
    const words = `${formatNumber(edge(bin), step)} to ${formatNumber(edge(bin + 1), step)}\n${formatValue(each)}`;
    const gap = right - left > 4 ? 1 : 0;
    const bar = {
      x: left + gap / 2,
      y: top,
      width: right - left - gap,
      height: frame.bottom - top,
      class: fillClass(0),
    };
    return each === 0 ? "" : element("rect", bar, tooltip(words));
  });
  return { markup: frame.markup + bars.join(""), width, height };
}

/** A round width of bars, wide enough for numbers so large that neighbours are far apart. */
function stepOf(low: number, high: number, bins: number): number {
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  if (low === high) return roundStep(magnitude === 0 ? 1 : magnitude / 10);
  const span = Math.min(high, Number.MAX_VALUE / 4) - Math.max(low, -Number.MAX_VALUE / 4);
  return roundStep(Math.max(span / bins, magnitude * 1e-12));
}
