import { getGradient } from "@tensorflow/tfjs-core";

/**
 * Makes tfjs's operations differentiable; `@tensorflow/tfjs-core` alone computes, but has no gradients.
 *
 * {@link Trainer.fit} calls it. Call it yourself before using tfjs's own `grad` and its like.
 * Does nothing where they are there, as `@tensorflow/tfjs` and `@tensorflow/tfjs-node` bring them.
 */
export async function registerGradients(): Promise<void> {
  if (getGradient("Mean") === undefined) await import("#gradients");
}
