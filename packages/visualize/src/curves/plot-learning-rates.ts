import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { coordinate, frameOf } from "../axes/frame.ts";
import { linearScale, tightLogarithmicScale } from "../axes/scale.ts";
import { formatValue } from "../axes/ticks.ts";
import {
  type PlotOptions,
  plotOptions,
  readPlotOptions,
  requireNumbers,
  requireRecord,
} from "../svg/drawing-options.ts";
import { at, heading, outerMargin, stacked, svgDocument } from "../svg/drawing.ts";
import { element } from "../svg/element.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import { thinned } from "./thin.ts";

/** The loss of each step of a sweep in which the learning rate grew, as `findLearningRate` gives it. */
export interface LearningRates {
  readonly learningRates: readonly number[];
  /** Before each step, on its batch. */
  readonly losses: readonly number[];
  /** Their moving mean. */
  readonly smoothedLosses: readonly number[];
  /** The rate at which the smoothed loss fell the steepest; undefined if it never fell. */
  readonly suggestion: number | undefined;
}

const rateOptions: OptionNames<PlotOptions> = plotOptions;
const height = 320;

/**
 * Draws a sweep of `findLearningRate`: the loss over the learning rate, whose axis is logarithmic. Dots are steps, the line
 * is their moving mean, and the upright line is the rate that is suggested.
 *
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} the curve or an option is not what it may be.
 */
export function plotLearningRates(curve: LearningRates, options: PlotOptions = {}): string {
  const owner = "plotLearningRates";
  const drawing = readPlotOptions(owner, options, rateOptions);
  const { rates, losses, smoothed, suggestion } = readCurve(owner, curve);
  const width = drawing.width - 2 * outerMargin;
  const finite = smoothed.filter(Number.isFinite);
  const low = [...losses, ...finite].filter(Number.isFinite).reduce((least, loss) => Math.min(least, loss), Infinity);
  // The last steps leave all bounds, and would press the rest flat.
  const shown = finite.slice(0, Math.ceil(finite.length / 2));
  const top = shown.reduce((most, loss) => Math.max(most, loss), low);
  const y = top > low && top < Infinity ? linearScale(low, top + (top - low) / 4, 5) : linearScale(0, 1, 5);
  const x = tightLogarithmicScale(rates[0] ?? 1e-6, rates.at(-1) ?? 1, width / 60);
  const frame = frameOf({ width, height, x, y, xName: "learning rate", yName: "loss" });
  const place = (loss: number, index: number): readonly { x: number; y: number }[] =>
    Number.isFinite(loss) ? [{ x: frame.x(rates[index] ?? 1), y: frame.y(Math.min(loss, y.high)) }] : [];
  const dots = thinned(losses.flatMap(place)).map((dot) =>
    element("circle", { cx: dot.x, cy: dot.y, r: 1.75, class: "fm-fill-1", opacity: 0.45 }),
  );
  const points = thinned(smoothed.flatMap(place)).map((point) => `${coordinate(point.x)},${coordinate(point.y)}`);
  const line = element("polyline", { points: points.join(" "), class: "fm-line-1", "stroke-width": 2 });
  const mark: string[] = [];
  if (suggestion !== undefined) {
    const left = frame.x(suggestion);
    const words = `suggested: ${formatValue(Number(suggestion.toPrecision(3)))}`;
    const half = textWidth(words, fontSizes.small) / 2;
    const d = `M${coordinate(left)} ${frame.top}V${frame.bottom}`;
    mark.push(element("path", { d, class: "fm-line-2", "stroke-width": 1.5, "stroke-dasharray": "4 3" }));
    mark.push(
      textAt(words, Math.max(Math.min(left, width - half), half + 40), frame.top - 6, {
        anchor: "middle",
        size: fontSizes.small,
      }),
    );
  }
  const plot = { markup: at(0, 0, frame.markup, ...dots, line, ...mark), width, height };
  return svgDocument(stacked([...heading(drawing.title, width), plot]), drawing, "Loss over learning rate");
}

function readCurve(
  owner: string,
  curve: unknown,
): {
  rates: readonly number[];
  losses: readonly number[];
  smoothed: readonly number[];
  suggestion: number | undefined;
} {
  const given = requireRecord(owner, "curve", "the result of findLearningRate", curve);
  const list = (name: string): readonly number[] => Array.from(requireNumbers(owner, `curve.${name}`, given[name]));
  const [rates, losses, smoothed] = [list("learningRates"), list("losses"), list("smoothedLosses")];
  const grow = rates.every((rate, index) => rate > (rates[index - 1] ?? 0) && Number.isFinite(rate));
  if (!grow)
    throw new InvalidConfigError(owner, "curve.learningRates", "increasing numbers above 0", given["learningRates"]);
  for (const [name, { length }] of Object.entries({ losses, smoothedLosses: smoothed })) {
    if (length !== rates.length)
      throw new InvalidConfigError(owner, `curve.${name}`, `${rates.length} numbers, one for each rate`, `${length}`);
  }
  const { suggestion } = given;
  if (suggestion !== undefined && !(typeof suggestion === "number" && suggestion > 0 && Number.isFinite(suggestion))) {
    throw new InvalidConfigError(owner, "curve.suggestion", "a number above 0, or undefined", suggestion);
  }
  return { rates, losses, smoothed, suggestion };
}
