import type { OptionNames } from "@featuremap/tensor";
import { coordinate, frameOf } from "../axes/frame.ts";
import { legend } from "../axes/legend.ts";
import { percent } from "../axes/percent.ts";
import { countScale, linearScale, tightScale } from "../axes/scale.ts";
import { fillClass, lineClass } from "../axes/series.ts";
import { formatValue } from "../axes/ticks.ts";
import { type PlotOptions, plotOptions, readPlotOptions } from "../svg/drawing-options.ts";
import { type Drawing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { type Attributes, element, tooltip } from "../svg/element.ts";
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
  const found = [
    remark(`expected calibration error ${percent(expectedCalibrationError)}`, width),
    remark(`${percent(accuracy)} right, at a mean confidence of ${percent(confidence)}`, width),
    legend(["right", "confidence"], width, "areas"),
    diagram(calibration, width),
    counts(calibration, width),
  ];
  const content = [...heading(drawing.title, width), ...(count === 0 ? [remark("No predictions.", width)] : found)];
  return svgDocument(stacked(content), drawing, "Calibration");
}

function diagram({ bins }: Calibration, width: number): Drawing {
  const share = (): ReturnType<typeof linearScale> => linearScale(0, 1, 6);
  const frame = frameOf({ width, height, x: share(), y: share(), yName: "share right", upright: false });
  const filled = bins.filter(({ count }) => count > 0);
  const bars = filled.map(({ from, to, count, confidence, accuracy }) => {
    const [left, right] = [frame.x(from) + 1, frame.x(to) - 1];
    const top = frame.y(accuracy);
    const words = `confidence ${percent(from)} to ${percent(to)}: ${percent(confidence)}\nright: ${percent(accuracy)} of ${formatValue(count)}`;
    const place = { x: left, y: top, width: right - left, height: Math.max(frame.bottom - top, 0.75) };
    return element("rect", { ...place, class: fillClass(0) }, tooltip(words));
  });
  const ideal = `M${coordinate(frame.x(0))} ${coordinate(frame.y(0))}L${coordinate(frame.x(1))} ${coordinate(frame.y(1))}`;
  const lines = [
    ...standingOut({ d: ideal, class: "fm-axis", "stroke-dasharray": "4 4", "stroke-width": 1.5 }),
    ...filled.flatMap(({ from, to, confidence }) => {
      const d = `M${coordinate(frame.x(from) + 1)} ${coordinate(frame.y(confidence))}H${coordinate(frame.x(to) - 1)}`;
      return standingOut({ d, class: lineClass(1), "stroke-width": 3 });
    }),
  ];
  return { markup: [frame.markup, ...bars, ...lines].join(""), width, height };
}

/** A line with the ground's colour on both sides, as lines and bars differ in their hue alone. */
function standingOut(line: Attributes & { readonly "stroke-width": number }): readonly string[] {
  const halo = { ...line, class: "fm-halo", "stroke-width": line["stroke-width"] + 3, "stroke-dasharray": undefined };
  return [element("path", halo), element("path", line)];
}

function counts({ bins }: Calibration, width: number): Drawing {
  const most = bins.reduce((a, { count }) => Math.max(a, count), 0);
  const frame = frameOf({
    width,
    height: countsHeight,
    x: tightScale(0, 1, 6),
    y: countScale(most, 3),
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
