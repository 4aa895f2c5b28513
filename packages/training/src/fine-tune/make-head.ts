import { Dense, Dropout, GlobalAveragePooling2D, Model } from "@featuremap/layers";
import { InvalidConfigError, formatShape } from "@featuremap/tensor";

/**
 * A classifier of a base and a new head: GlobalAveragePooling2D where the base gives feature maps, Dropout, Dense with softmax.
 *
 * The base's layers are in it themselves, with their weights.
 *
 * @throws {InvalidConfigError} the base gives neither feature maps nor features.
 */
export function makeHead(base: Model, classes: number, dropout: number): { model: Model; lastOfBase: string } {
  const { output } = base;
  const rank = output.shape.length;
  if (rank !== 4 && rank !== 2) {
    const expected = "one that gives (None, height, width, channels) or (None, features)";
    throw new InvalidConfigError("fineTune", "model", expected, formatShape(output.shape));
  }
  const { seed } = base.config;
  const features = rank === 4 ? new GlobalAveragePooling2D().apply(output) : output;
  const kept = dropout === 0 ? features : new Dropout({ rate: dropout }).apply(features);
  const answer = new Dense({ units: classes, activation: "softmax" }).apply(kept);
  const model = new Model({ inputs: [...base.inputs], outputs: answer, ...(seed === undefined ? {} : { seed }) });
  return { model, lastOfBase: output.node.layer.name };
}
