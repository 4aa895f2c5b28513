import {
  type Tensor,
  addN,
  clipByValue,
  div,
  maximum,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sum,
} from "@tensorflow/tfjs-core";

/** How gradients are made smaller; at most one of the three. */
export interface Clipping {
  /** Largest Euclidean norm of each gradient. */
  readonly clipnorm?: number;
  /** Largest absolute value of each element. */
  readonly clipvalue?: number;
  /** Largest Euclidean norm of all gradients together. */
  readonly globalClipnorm?: number;
}

/** Gradients no larger than asked for, in their direction, or those given. To be called inside `tidy`. */
export function clipGradients(gradients: readonly Tensor[], clipping: Clipping): readonly Tensor[] {
  const { clipnorm, clipvalue, globalClipnorm } = clipping;
  if (clipnorm !== undefined) {
    return gradients.map((gradient) => {
      const norm = sqrt(sum(square(gradient)));
      return div(mul(gradient, clipnorm), maximum(norm, clipnorm));
    });
  }
  if (globalClipnorm !== undefined) {
    const norm = sqrt(addN(gradients.map((gradient) => sum(square(gradient)))));
    const scale = mul(globalClipnorm, minimum(div(scalar(1), norm), 1 / globalClipnorm));
    return gradients.map((gradient) => mul(gradient, scale));
  }
  if (clipvalue !== undefined) return gradients.map((gradient) => clipByValue(gradient, -clipvalue, clipvalue));
  return gradients;
}
