import type { EvaluationProgress } from "@featuremap/training";
import type { AskedSoFar } from "../../report/predict-files.ts";

/** Milliseconds between two reports. */
const pace = 200;

/** Tells a few times a second, and at the end, how far an evaluation is, in the terms of training. */
export function evaluationProgress(
  size: number,
  batchSize: number,
  tell: ((progress: EvaluationProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): (soFar: AskedSoFar) => void {
  const began = now();
  let told = began;
  return ({ done, images, loss, right, waited }) => {
    const at = now();
    if (tell === undefined || images === 0 || (at - told < pace && done < size)) return;
    told = at;
    const seconds = Math.max(at - began, 1) / 1000;
    tell({
      step: Math.ceil(done / batchSize),
      steps: Math.ceil(size / batchSize),
      imagesPerSecond: images / seconds,
      loss: loss / images,
      metrics: { accuracy: right / images },
      secondsLeft: ((size - done) * seconds) / done,
      waiting: Math.min(waited / 1000 / seconds, 1),
    });
  };
}
