import type { OptionNames } from "@featuremap/tensor";
import { frameOf } from "../axes/frame.ts";
import { type Scale, linearScale, logarithmicScale } from "../axes/scale.ts";
import { formatValue } from "../axes/ticks.ts";
import { type PlotOptions, plotOptions, readPlotOptions, requireText } from "../svg/drawing-options.ts";
import { type Drawing, at, flowing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";
import { fitText, fontSizes, textAt } from "../svg/text.ts";
import { InvalidConfigError } from "@featuremap/tensor";
import { type TrialPoint, type TriedOption, readTrials } from "./read-trials.ts";

export interface PlotTrialsOptions extends PlotOptions {
  /** What scores are. Default: "score". */
  readonly scoreName?: string | undefined;
  /** Whether the lowest score is the best. Default: `false`. */
  readonly lowerIsBetter?: boolean | undefined;
}

const trialOptions: OptionNames<PlotTrialsOptions> = { ...plotOptions, scoreName: true, lowerIsBetter: true };

const [panelHeight, panelGap, leastPanel] = [230, 24, 280];
/** An axis is logarithmic where its largest number is so many times its least. */
const wide = 20;
/** Share of an axis between its end and the first dot. */
const margin = 0.05;
/** Share of a panel's width that lies beside the scores. */
const shareOfNames = 0.85;
/** Pixels between two names below an axis. */
const nameGap = 12;

/**
 * Draws what a search over settings found: for each option that was tried a panel with a dot for each trial, its score over
 * the option's value. The best trial has a ring in every panel. Trials without a score are left out.
 *
 * Numbers that span more than a factor of 20 stand on a logarithmic axis, texts side by side.
 *
 * @param trials in their order; a dot's tooltip has the number, from 1
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} these are not trials, or an option is not what it may be.
 */
export function plotTrials(trials: readonly TrialPoint[], options: PlotTrialsOptions = {}): string {
  const owner = "plotTrials";
  const drawing = readPlotOptions(owner, options, trialOptions);
  const { scoreName = "score", lowerIsBetter = false } = options;
  requireText(owner, "scoreName", scoreName);
  if (typeof lowerIsBetter !== "boolean") {
    throw new InvalidConfigError(owner, "lowerIsBetter", "true or false", lowerIsBetter);
  }
  const tried = readTrials(owner, trials).filter(({ points }) => points.length > 0);
  const scores = tried.flatMap(({ points }) => points.map(({ score }) => score));
  const [low, high] = extent(scores);
  const best = lowerIsBetter ? low : high;
  const room = drawing.width - 2 * outerMargin;
  const columns = Math.max(Math.min(tried.length, Math.floor((room + panelGap) / (leastPanel + panelGap))), 1);
  const width = (room - (columns - 1) * panelGap) / columns;
  const y = linearScale(low, high, 5);
  const panels = tried.map((option) => panel(option, width, y, { scoreName, best }));
  const content = [
    ...heading(drawing.title, room),
    panels.length === 0 ? remark("No trial has a score.", room) : flowing(panels, room, panelGap, 14),
  ];
  return svgDocument(stacked(content), drawing, `${scoreName} over ${tried.map(({ name }) => name).join(", ")}`);
}

function panel(
  { name, points }: TriedOption,
  width: number,
  y: Scale,
  { scoreName, best }: { readonly scoreName: string; readonly best: number },
): Drawing {
  const values = points.map(({ value }) => value);
  const { scale, placeOf } = axisOf(values, width);
  const frame = frameOf({ width, height: panelHeight - 20, x: scale, y, yName: scoreName });
  const dots = points.map(({ trial, value, score }) => {
    const text = `trial ${trial}\n${name}: ${typeof value === "number" ? formatValue(value) : value}\n${scoreName}: ${formatValue(score)}`;
    const place = { cx: frame.x(placeOf(value)), cy: frame.y(score) };
    const ring = element("circle", { ...place, r: 8, class: "fm-line-2", "stroke-width": 2 });
    const dot = element("circle", { ...place, r: 4, class: "fm-fill-1", opacity: 0.75 }, tooltip(text));
    return score === best ? ring + dot : dot;
  });
  const title = textAt(name, 0, fontSizes.heading, { size: fontSizes.heading, bold: true, room: width });
  return { markup: title + at(0, 20, frame.markup, ...dots), width, height: panelHeight };
}

function axisOf(
  values: readonly (number | string)[],
  width: number,
): { readonly scale: Scale; readonly placeOf: (value: number | string) => number } {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) {
    const [low, high] = extent(numbers);
    const isWide = low > 0 && high / low >= wide;
    const scale = inset(isWide ? logarithmicScale(low, high, width / 60) : linearScale(low, high, width / 70));
    return { scale, placeOf: Number };
  }
  const names = [...new Set(values.map(String))];
  // Beside each other, and none beyond the end; dots tell them whole.
  const room = (width * shareOfNames) / names.length - nameGap;
  const ticks = names.map((name, value) => ({ value, label: fitText(name, room, fontSizes.small) }));
  const scale = {
    low: -0.5,
    high: names.length - 0.5,
    ticks,
    position: (value: number) => (value + 0.5) / names.length,
  };
  return { scale, placeOf: (value) => names.indexOf(String(value)) };
}

/** An axis with a little room at its ends, so that no dot lies on them. */
function inset(scale: Scale): Scale {
  return { ...scale, position: (value) => margin + (1 - 2 * margin) * scale.position(value) };
}

function extent(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return low <= high ? [low, high] : [0, 1];
}
