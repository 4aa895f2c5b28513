import type { Model } from "@featuremap/layers";
import type { WeightsOptions } from "./backbone.ts";

/** Gives a model the weights of Keras's file. What reads such files is loaded when it is needed. */
export async function loadWeights(
  model: Model,
  weights: NonNullable<WeightsOptions["weights"]>,
  { signal, onProgress }: Pick<WeightsOptions, "signal" | "onProgress">,
): Promise<void> {
  const { loadKerasWeights } = await import("@featuremap/formats/keras");
  await loadKerasWeights(model, weights, { signal, onProgress });
}
