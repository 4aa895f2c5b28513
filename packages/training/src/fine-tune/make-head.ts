import { Dense, Dropout, GlobalAveragePooling2D, Model } from "@featuremap/layers";
import { InvalidConfigError, formatShape } from "@featuremap/tensor";
import { type HeadChoice, endOf } from "./find-head.ts";

/** A classifier that was made of a base. */
export interface MadeClassifier {
  readonly model: Model;
  /** The name of the layer with which the base ends. */
  readonly lastOfBase: string;
  /** What was done with a head that was there, or might be one. */
  readonly note: string | undefined;
}

/** What kind of head is made. */
interface HeadSettings {
  readonly classes: number;
  readonly dropout: number;
  /** What becomes of one that is there. */
  readonly head?: HeadChoice | undefined;
}

/**
 * A classifier of a base and a new head, which takes the place of one that is there: GlobalAveragePooling2D where the base gives feature maps, Dropout, Dense with softmax.
 *
 * The base's layers are in it themselves, with their weights.
 *
 * @throws {InvalidConfigError} nothing shows where the head begins that is there, or the base gives neither feature maps nor features.
 */
export function makeHead(base: Model, { classes, dropout, head: choice }: HeadSettings): MadeClassifier {
  const { head, doubt } = endOf("fineTune", base, choice);
  const output = head?.features(true) ?? base.output;
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
  const lastOfBase = output.node.layer.name;
  const says = (done: string, other: string): string =>
    doubt === undefined
      ? done
      : `${done} ${doubt}. With head: "${other}" ${other === "keep" ? "it stays" : "it gives way"}.`;
  if (head !== undefined) {
    const done = `The model is a classifier: its head, from ${head.first.name} on, gives way to a new one for ${classes} classes, and ${lastOfBase} ends the base.`;
    return { model, lastOfBase, note: says(done, "keep") };
  }
  const done = `The new head for ${classes} classes stands behind all layers of the model.`;
  return { model, lastOfBase, note: doubt === undefined ? undefined : says(done, "replace") };
}
