import type { OptionNames } from "@featuremap/tensor";
import { type PlotOptions, plotOptions, readPlotOptions } from "../svg/drawing-options.ts";
import { heading, outerMargin, stacked, svgDocument } from "../svg/drawing.ts";
import { barChart } from "./bar-chart.ts";
import { type Counts, readCounts } from "./read-counts.ts";

const barOptions: OptionNames<PlotOptions> = plotOptions;

/**
 * Draws how many there are of each: pictures of classes, by themselves or in several splits.
 *
 * Each name has a bar and its number, in the order given. More than 60 become a profile, from the largest to the smallest.
 *
 * @param counts `{ cat: 10, dog: 12 }`, or `{ train: { cat: 10 }, test: { cat: 3 } }`
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} the counts or an option are not what they may be.
 */
export function plotBars(counts: Counts, options: PlotOptions = {}): string {
  const owner = "plotBars";
  const drawing = readPlotOptions(owner, options, barOptions);
  const table = readCounts(owner, "counts", counts);
  const width = drawing.width - 2 * outerMargin;
  const content = stacked([...heading(drawing.title, width), barChart(table, width)]);
  return svgDocument(content, drawing, `Counts of ${table.labels.length}`);
}
