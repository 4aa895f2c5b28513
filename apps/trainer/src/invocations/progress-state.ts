import type { EvaluationProgress } from "@featuremap/training";
import { formatCount, formatDuration, formatMetric } from "../terminal/format.ts";
import type { ProgressState } from "../terminal/progress-line.ts";

/** Steps, speed, loss, metrics and time left of a pass over images, for a progress line. */
export function progressState(heading: string, progress: EvaluationProgress): ProgressState {
  const { step, steps, imagesPerSecond, loss, metrics, secondsLeft } = progress;
  const measured = Object.entries({ loss, ...metrics }).map(([name, value]) => `  ${name} ${formatMetric(value)}`);
  return {
    heading,
    done: step,
    total: steps,
    details:
      `${step}/${steps}  ${formatCount(imagesPerSecond)} images/s${measured.join("")}` +
      `  ${formatDuration(secondsLeft)} left`,
  };
}
