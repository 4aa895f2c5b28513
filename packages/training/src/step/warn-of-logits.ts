import { type Model, outputMeaning } from "@featuremap/layers";
import { warn } from "../run/say.ts";
import { classNameOf } from "../config/class-name.ts";
import type { Loss } from "../losses/loss.ts";

/** Models of which that was said. */
const warned = new WeakSet<Model>();

/**
 * Says once of a model that its loss takes its logits for probabilities, which trains, and gives numbers, and learns little.
 *
 * Keras says nothing. Models of several outputs, and outputs that the graph does not tell the meaning of, are passed over.
 */
export function warnOfLogits(model: Model, losses: readonly (Loss | undefined)[]): void {
  const [loss, ...others] = losses;
  if (loss?.activation === undefined || others.length > 0 || warned.has(model)) return;
  if (Reflect.get(loss, "fromLogits") !== false || outputMeaning(model) !== "logits") return;
  warned.add(model);
  const name = classNameOf(loss);
  warn(
    `Trainer.fit: the outputs of ${model.name} are logits, and its loss takes them for probabilities. Give ` +
      `loss: new ${name}({ fromLogits: true }), or the last layer activation: "${loss.activation}".`,
  );
}
