import type { EvaluationProgress } from "@featuremap/training";
import { formatCount, formatDuration, formatMetric } from "../terminal/format.ts";
import type { ProgressState } from "../terminal/progress-line.ts";
import type { TrainProgress } from "./train-types.ts";

/** Steps, loss, metrics, time left and speed of a pass over images, for a progress line. */
export function progressState(heading: string, progress: EvaluationProgress): ProgressState {
  const { step, steps, imagesPerSecond, loss, metrics, secondsLeft } = progress;
  const measured = Object.entries({ loss, ...metrics }).map(([name, value]) => `${name} ${formatMetric(value)}`);
  return {
    heading,
    done: step,
    total: steps,
    details: [`${step}/${steps}`, ...measured, `${formatDuration(secondsLeft)} left`],
    lesser: [`${formatCount(imagesPerSecond)} images/s`],
  };
}

/** The same for an epoch of training, with the time left of the whole run. */
export function trainingState(heading: string, progress: TrainProgress): ProgressState {
  const { epoch, epochs, learningRate, waiting, runSecondsLeft } = progress;
  const state = progressState(heading, progress);
  const [left = "", ...others] = [state.details].flat().toReversed();
  const both = epoch + 1 === epochs ? left : `${left} (run ${formatDuration(runSecondsLeft)})`;
  return {
    ...state,
    details: [...others.toReversed(), both],
    lesser: [
      ...(state.lesser ?? []),
      `rate ${formatMetric(learningRate)}`,
      `waiting for data ${Math.round(waiting * 100)} %`,
    ],
  };
}
