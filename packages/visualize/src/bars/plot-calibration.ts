import type { OptionNames } from "@featuremap/tensor";
import { coordinate, frameOf, roomBeside } from "../axes/frame.ts";
import { legend } from "../axes/legend.ts";
import { percent } from "../axes/percent.ts";
import { type Scale, countScale, linearScale, tightScale } from "../axes/scale.ts";
import { fillClass, lineClass } from "../axes/series.ts";
import { formatValue } from "../axes/ticks.ts";
import { type PlotOptions, plotOptions, readPlotOptions } from "../svg/drawing-options.ts";
import { type Drawing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";
import { type Calibration, calibrationOf } from "./calibration.ts";

export interface PlotCalibrationOptions extends PlotOptions {
  /** Default: 10. */
  readonly bins?: number | undefined;
}

const calibrationOptions: OptionNames<PlotCalibrationOptions> = { ...plotOptions, bins: true };
const [height, countsHeight] = [280, 110];

/**
 * Draws a reliability diagram: how many predictions of each confidence are right, beside how many should be, with the expected
 * calibration error; below it, how many there are.
 *
 * @param confidences probability of each predicted class, 0 to 1
 * @param correct whether each prediction is right: true and false, or 1 and 0
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError} an argument or an option is not what it may be.
 */
export function plotCalibration(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number> | readonly boolean[],
  options: PlotCalibrationOptions = {},
): string {
  const drawing = readPlotOptions("plotCalibration", options, calibrationOptions);
  const calibration = calibrationOf(confidences, correct, options.bins);
  const width = drawing.width - 2 * outerMargin;
  const { count, accuracy, confidence, expectedCalibrationError } = calibration;
  const left = Math.max(roomBeside(shareScale()), roomBeside(scaleOfCounts(calibration)));
  const found = [
    remark(`expected calibration error ${percent(expectedCalibrationError)}`, width),
    remark(`${percent(accuracy)} right, at a mean confidence of ${percent(confidence)}`, width),
    legend(["right", "confidence"], width, "areas"),
    diagram(calibration, width, left),
    counts(calibration, width, left),
  ];
  const content = [...heading(drawing.title, width), ...(count === 0 ? [remark("No predictions.", width)] : found)];
  return svgDocument(stacked(content), drawing, "Calibration");
}

function shareScale(): Scale {
  return linearScale(0, 1, 6);
}

function scaleOfCounts({ bins }: Calibration): Scale {
  return countScale(
    bins.reduce((most, { count }) => Math.max(most, count), 0),
    3,
  );
}

function diagram({ bins }: Calibration, width: number, left: number): Drawing {
  const frame = frameOf({
    width,
    height,
    left,
    x: shareScale(),
    y: shareScale(),
    yName: "share right",
    upright: false,
  });
  const filled = bins.filter(({ count }) => count > 0);
  const bars = filled.map(({ from, to, count, confidence, accuracy }) => {
    const top = frame.y(accuracy);
    const words = `confidence ${percent(from)} to ${percent(to)}: ${percent(confidence)}\nright: ${percent(accuracy)} of ${formatValue(count)}`;
    const place = {
      x: frame.x(from) + 1,
      y: top,
      width: frame.x(to) - frame.x(from) - 2,
      height: Math.max(frame.bottom - top, 0.75),
    };
    return element("rect", { ...place, class: fillClass(0) }, tooltip(words));
  });
  const levels = filled.flatMap(({ from, to, confidence }) => {
    const d = `M${coordinate(frame.x(from) + 1)} ${coordinate(frame.y(confidence))}H${coordinate(frame.x(to) - 1)}`;
    // The ground's colour on both sides: lines and bars differ in their hue alone.
    return [
      element("path", { d, class: "fm-halo", "stroke-width": 6 }),
      element("path", { d, class: lineClass(1), "stroke-width": 3 }),
    ];
  });
  const d = `M${coordinate(frame.x(0))} ${coordinate(frame.y(0))}L${coordinate(frame.x(1))} ${coordinate(frame.y(1))}`;
  const ideal = element("path", { d, class: "fm-axis", "stroke-dasharray": "4 4", "stroke-width": 1.5 });
  return { markup: [frame.markup, ideal, ...bars, ...levels].join(""), width, height };
}

function counts(calibration: Calibration, width: number, left: number): Drawing {
  const { bins } = calibration;
  const frame = frameOf({
    width,
    height: countsHeight,
    left,
    x: tightScale(0, 1, 6),
    y: scaleOfCounts(calibration),
    xName: "confidence",
    yName: "predictions",
    upright: false,
  });
  const bars = bins.map(({ from, to, count }) => {
    const top = frame.y(count);
    const place = { x: frame.x(from) + 1, y: top, width: frame.x(to) - frame.x(from) - 2, height: frame.bottom - top };
    return count === 0 ? "" : element("rect", { ...place, class: fillClass(5) }, tooltip(formatValue(count)));
  });
  return { markup: frame.markup + bars.join(""), width, height: countsHeight };
}
