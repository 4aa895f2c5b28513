import type { BestEpoch } from "../run/best-epoch.ts";
import { formatMetric } from "../terminal/format.ts";
import { percent } from "./words.ts";

/** Which moment of its training a model is of. */
export interface WeightsFacts {
  /** The epoch after which they were taken, from 1; absent where it was within one. */
  readonly epoch?: number | undefined;
  /** Whether that epoch was chosen, and is not simply the last. */
  readonly isChosen: boolean;
  /** What the epochs were judged by. */
  readonly part: string;
  /** The epoch with the lowest loss. */
  readonly best?: BestEpoch | undefined;
}

/** A line in Markdown that tells of it; none where it is not known. */
export function weightsLine(weights: WeightsFacts | undefined): readonly string[] {
  if (weights === undefined) return [];
  const { epoch, isChosen, part, best } = weights;
  const lowest = `the loss on the ${part} part was the lowest`;
  if (isChosen) return [`The weights are those of epoch ${epoch}, after which ${lowest}.`];
  const whose = epoch === undefined ? "of the last step" : `of the last epoch, ${epoch}`;
  if (best === undefined) return [`The weights are those ${whose}.`];
  if (best.epoch === epoch) return [`The weights are those ${whose}, after which ${lowest}.`];
  const figures = `${formatMetric(best.loss)}, accuracy ${percent(best.accuracy)}`;
  return [
    `The weights are those ${whose}. After epoch ${best.epoch} ${lowest} (${figures}): its weights are in \`checkpoints/best\`, and \`npx featuremap evaluate checkpoints/best\` judges them.`,
  ];
}
