import { InvalidConfigError } from "@featuremap/tensor";
import type { LearningRateCurve } from "./find-learning-rate.ts";

const [width, height] = [640, 360];
/** Room for numbers beside the curve. */
const margin = { left: 64, right: 20, top: 20, bottom: 48 };
const losses = 4;

/**
 * Draws a sweep of `findLearningRate`: the loss over the learning rate, whose axis is logarithmic. Dots are steps, the line
 * is their moving mean, and the upright line is the rate that is suggested.
 *
 * @returns an SVG document of 640 by 360 pixels, for a file or a page
 */
export function plotLearningRates(curve: LearningRateCurve): string {
  const { learningRates, losses: values, smoothedLosses, suggestion }: Partial<LearningRateCurve> = curve ?? {};
  if (!Array.isArray(learningRates) || !Array.isArray(values) || !Array.isArray(smoothedLosses)) {
    throw new InvalidConfigError("plotLearningRates", "curve", "what findLearningRate gives", curve);
  }
  const [first = 1, last = 1] = [learningRates[0], learningRates.at(-1)];
  const finite = (smoothedLosses as readonly number[]).filter(Number.isFinite);
  const low = finite.reduce((least, loss) => Math.min(least, loss), 0);
  // The last steps leave all bounds, and would press the rest flat.
  const shown = finite.slice(0, Math.ceil(finite.length / 2));
  const high = shown.reduce((most, loss) => Math.max(most, loss), low + 1e-9) * 1.25;
  const x = (rate: number): number =>
    margin.left +
    (Math.log(rate / first) / Math.max(Math.log(last / first), 1e-9)) * (width - margin.left - margin.right);
  const y = (loss: number): number =>
    margin.top + (1 - (Math.min(loss, high) - low) / (high - low)) * (height - margin.top - margin.bottom);
  const [bottom, right] = [height - margin.bottom, width - margin.right];
  const points = smoothedLosses.map((loss, index) => `${fixed(x(learningRates[index] ?? first))},${fixed(y(loss))}`);
  const dots = values.map(
    (loss, index) =>
      `<circle cx="${fixed(x(learningRates[index] ?? first))}" cy="${fixed(y(loss))}" r="1.5" fill="#9db4d0"/>`,
  );
  const powers = range(Math.ceil(Math.log10(first) - 1e-9), Math.floor(Math.log10(last) + 1e-9));
  const below = powers.map((power) => {
    const at = fixed(x(10 ** power));
    return `<path d="M${at} ${margin.top}V${bottom}" stroke="#e4e7ec"/>${label(at, bottom + 18, `1e${power}`)}`;
  });
  const beside = range(0, losses).map((step) => {
    const loss = low + ((high - low) * step) / losses;
    const at = fixed(y(loss));
    return `<path d="M${margin.left} ${at}H${right}" stroke="#e4e7ec"/>${label(margin.left - 24, at + 4, loss.toPrecision(2))}`;
  });
  const mark =
    suggestion === undefined
      ? ""
      : `<path d="M${fixed(x(suggestion))} ${margin.top}V${bottom}" stroke="#d1495b" stroke-dasharray="4 3"/>` +
        label(fixed(x(suggestion)), margin.top - 6, suggestion.toPrecision(2));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="sans-serif" font-size="12" role="img" aria-label="Loss over learning rate">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...below,
    ...beside,
    ...dots,
    `<polyline points="${points.join(" ")}" fill="none" stroke="#1f5aa6" stroke-width="2"/>`,
    mark,
    label((margin.left + right) / 2, height - 8, "learning rate"),
    label(20, margin.top - 6, "loss"),
    "</svg>",
  ].join("");
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}

function label(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}" text-anchor="middle" fill="#344054">${text}</text>`;
}
