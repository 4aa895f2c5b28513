import { shapesEqual } from "@featuremap/tensor";
import { type Tensor, engine, reshape } from "@tensorflow/tfjs-core";
import type { LogitActivation } from "../losses/loss.ts";

/** tfjs's names of the operations and of their inputs. */
const operations: Readonly<Record<LogitActivation, { readonly kernel: string; readonly input: string }>> = {
  softmax: { kernel: "Softmax", input: "logits" },
  sigmoid: { kernel: "Sigmoid", input: "x" },
};

/**
 * What entered the activation that made `output`, in its shape; undefined if another operation made it.
 *
 * Looks at the operations recorded for the gradient, as Keras looks at those of TensorFlow's graph: that works for any
 * layer, but only while a gradient is recorded.
 */
export function findLogits(output: Tensor, activation: LogitActivation): Tensor | undefined {
  const tape = engine().state.activeTape ?? [];
  const { kernel, input } = operations[activation];
  let made = output;
  for (let index = tape.length - 1; index >= 0; index--) {
    const node = tape[index];
    if (node?.outputs[0]?.id !== made.id) continue;
    const source = node.inputs[node.kernelName === "Reshape" ? "x" : input];
    // A softmax whose last axis was split or joined afterwards is not the softmax of the reshaped logits.
    if (source === undefined || source.shape.at(-1) !== output.shape.at(-1)) return undefined;
    if (node.kernelName === kernel)
      return shapesEqual(source.shape, output.shape) ? source : reshape(source, output.shape);
    if (node.kernelName !== "Reshape") return undefined;
    made = source;
  }
  return undefined;
}
