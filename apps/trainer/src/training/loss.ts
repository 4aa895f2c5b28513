import {
  BinaryAccuracy,
  BinaryCrossentropy,
  BinaryFocalCrossentropy,
  CategoricalCrossentropy,
  CategoricalFocalCrossentropy,
  type LossChoice as TrainerLoss,
  type MetricChoice,
  SparseCategoricalCrossentropy,
} from "@featuremap/training";
import type { LabelForm } from "../data/prepared-batches.ts";
import type { Network } from "./network/network-types.ts";
import type { LearningSettings } from "./settings.ts";

/** How classes are written for the loss. */
export function labelForm({ loss }: Pick<LearningSettings, "loss">): LabelForm {
  if (loss === "sparseCategoricalCrossentropy") return "int";
  return loss.startsWith("binary") ? "binary" : "categorical";
}

/** The loss that the settings ask for, for the network's outputs. */
export function makeLoss(
  { loss, labelSmoothing }: Pick<LearningSettings, "loss" | "labelSmoothing">,
  { outputs }: Pick<Network, "outputs">,
): TrainerLoss {
  const fromLogits = outputs === "logits" || outputs === "binaryLogits";
  switch (loss) {
    case "sparseCategoricalCrossentropy":
      return fromLogits ? new SparseCategoricalCrossentropy({ fromLogits }) : loss;
    case "categoricalCrossentropy":
      return new CategoricalCrossentropy({ fromLogits, labelSmoothing });
    case "categoricalFocalCrossentropy":
      return new CategoricalFocalCrossentropy({ fromLogits, labelSmoothing });
    case "binaryCrossentropy":
      return new BinaryCrossentropy({ fromLogits, labelSmoothing });
    default:
      return new BinaryFocalCrossentropy({ fromLogits, labelSmoothing });
  }
}

/** The share of right answers, by the name "accuracy". */
export function makeAccuracy({ outputs }: Pick<Network, "outputs">): MetricChoice {
  return outputs === "binaryLogits" ? new BinaryAccuracy({ name: "accuracy", threshold: 0 }) : "accuracy";
}
