import { type GradSaveFunc, type Tensor, customGrad } from "@tensorflow/tfjs-core";

/** What the forward pass of {@link withGradient} gives. */
export interface ForwardPass {
  readonly value: Tensor;
  /** Tensors that the backward pass needs; kept alive until it has run, whoever made them. */
  readonly saved: readonly Tensor[];
}

/**
 * Runs `forward` on `x` as one operation whose gradient is `backward`, instead of that of the operations inside.
 *
 * @param backward from the gradient of the value and the saved tensors to the gradient of `x`
 */
export function withGradient(
  x: Tensor,
  forward: (x: Tensor) => ForwardPass,
  backward: (gradient: Tensor, saved: readonly Tensor[]) => Tensor,
): Tensor {
  const operation = customGrad((...inputs) => {
    // One tensor in, so tfjs calls with that tensor and its save function; its type cannot say so.
    const [input, save] = inputs as [Tensor, GradSaveFunc];
    const { value, saved } = forward(input);
    save([...saved]);
    return { value, gradFunc: backward };
  });
  return operation(x);
}
