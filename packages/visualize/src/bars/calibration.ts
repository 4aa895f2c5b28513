import { InvalidConfigError } from "@featuremap/tensor";
import { requireInteger, requireNumbers } from "../svg/drawing-options.ts";

/** Predictions whose confidence is within some bounds. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Their mean; NaN if there are none. */
  readonly confidence: number;
  /** Share of those that are right; NaN if there are none. */
  readonly accuracy: number;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  readonly count: number;
  readonly confidence: number;
  readonly accuracy: number;
  /** Mean of the bins' gaps between confidence and accuracy, weighted by their counts; 0 is perfect. */
  readonly expectedCalibrationError: number;
}

/**
 * How far confidence can be trusted: of predictions made at 80 %, 80 % should be right.
 *
 * Bins are equally wide; one holds what is above its lower bound, up to its upper bound, and the first 0 too.
 * Source: Guo et al., ICML 2017.
 *
 * @param confidences probability of each predicted class, 0 to 1
 * @param correct whether each prediction is right: true and false, or 1 and 0
 * @param bins Default: 10.
 * @throws {InvalidConfigError} an argument is not what it may be.
 */
export function calibrationOf(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number> | readonly boolean[],
  bins: number = 10,
): Calibration {
  const owner = "calibrationOf";
  const given = requireNumbers(owner, "confidences", confidences);
  requireInteger(owner, "bins", bins, 1, 1000);
  const right = readCorrect(owner, correct, given.length);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let index = 0; index < given.length; index++) {
    const confidence = given[index] ?? Number.NaN;
    // Softmax in single precision may exceed 1 by a rounding.
    if (!(confidence >= 0 && confidence <= 1 + 1e-6)) {
      throw new InvalidConfigError(owner, `confidences[${index}]`, "from 0 to 1", confidence);
    }
    const bin = sums[Math.min(Math.max(Math.ceil(confidence * bins) - 1, 0), bins - 1)];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.confidence += confidence;
    bin.right += right(index);
  }
  const total = (name: "confidence" | "right"): number => sums.reduce((sum, bin) => sum + bin[name], 0) / given.length;
  const gaps = sums.reduce((sum, bin) => sum + Math.abs(bin.right - bin.confidence), 0);
  return {
    bins: sums.map((bin, index) => ({
      from: index / bins,
      to: (index + 1) / bins,
      count: bin.count,
      confidence: bin.confidence / bin.count,
      accuracy: bin.right / bin.count,
    })),
    count: given.length,
    confidence: total("confidence"),
    accuracy: total("right"),
    expectedCalibrationError: gaps / given.length,
  };
}

function readCorrect(owner: string, correct: unknown, count: number): (index: number) => number {
  const isList = Array.isArray(correct) || ArrayBuffer.isView(correct);
  const list: readonly unknown[] =
    isList && !(correct instanceof DataView) ? Array.from(correct as ArrayLike<unknown>) : [];
  const isFlags = list.every((each) => typeof each === "boolean" || each === 0 || each === 1);
  if (!isList || !isFlags || list.length !== count) {
    const expected = `${count} values true or false (or 1 or 0), one for each confidence`;
    throw new InvalidConfigError(owner, "correct", expected, correct);
  }
  return (index) => Number(list[index]);
}
