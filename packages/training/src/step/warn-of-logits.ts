import { type Model, outputMeaning } from "@featuremap/layers";
import type { Tensor } from "@tensorflow/tfjs-core";
import { warn } from "../run/say.ts";
import { classNameOf } from "../config/class-name.ts";
import type { Loss } from "../losses/loss.ts";
import { findLogits } from "./find-logits.ts";

/** Models of which something was said. */
const warned = new WeakSet<Model>();

/**
 * Says once of a model that its loss takes its logits for probabilities, which trains, and gives numbers, and learns little; or that
 * it is told of logits and gets probabilities.
 *
 * Keras says only the latter. Models of several outputs, and outputs that the graph does not tell the meaning of, are passed over.
 */
export function warnOfLogits(model: Model, losses: readonly (Loss | undefined)[]): void {
  const [loss, ...others] = losses;
  if (loss === undefined || others.length > 0 || warned.has(model)) return;
  const fromLogits: unknown = Reflect.get(loss, "fromLogits");
  if (typeof fromLogits !== "boolean") return;
  const meaning = outputMeaning(model);
  const name = classNameOf(loss);
  if (fromLogits && meaning === "probabilities") {
    warnOnce(
      model,
      `Trainer.fit: the outputs of ${model.name} are probabilities, and ${name} is told that they are logits. Leave out ` +
        "fromLogits: true, or the last layer's activation.",
    );
  } else if (!fromLogits && meaning === "logits" && loss.activation !== undefined) {
    warnOnce(
      model,
      `Trainer.fit: the outputs of ${model.name} are logits, and its loss takes them for probabilities. Give ` +
        `loss: new ${name}({ fromLogits: true }), or the last layer activation: "${loss.activation}".`,
    );
  }
}

/**
 * Says once of a model that an output ends in the activation of other losses than its own: computed from probabilities, it trains,
 * but to something else than Keras does on TensorFlow.
 *
 * To be called while a gradient is recorded.
 */
export function warnOfEnding(model: Model, loss: Loss, output: Tensor): void {
  if (loss.activation === undefined || warned.has(model)) return;
  const other = loss.activation === "softmax" ? "sigmoid" : "softmax";
  if (findLogits(output, other) === undefined) return;
  warnOnce(
    model,
    `Trainer: ${model.name} ends in a ${other}, and ${classNameOf(loss)} is made for a ${loss.activation}. Give the last layer activation: ` +
      `"${loss.activation}", or take a ${other === "softmax" ? "categorical" : "binary"} crossentropy.`,
  );
}

function warnOnce(model: Model, line: string): void {
  warned.add(model);
  warn(line);
}
