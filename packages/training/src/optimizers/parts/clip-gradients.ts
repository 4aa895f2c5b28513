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
  readonly clipnorm?: number | null;
  /** Largest absolute value of each element. */
  readonly clipvalue?: number | null;
  /** Largest Euclidean norm of all gradients together. */
  readonly globalClipnorm?: number | null;
}

/** Gradients no larger than asked for, in their direction, or those given. To be called inside `tidy`. */
export function clipGradients(gradients: readonly Tensor[], clipping: Clipping): readonly Tensor[] {
  const { clipnorm, clipvalue, globalClipnorm } = clipping;
  if (typeof clipnorm === "number") {
    return gradients.map((gradient) => {
      const norm = sqrt(sum(square(gradient)));
      return div(mul(gradient, clipnorm), maximum(norm, clipnorm));
    });
  }
  if (typeof globalClipnorm === "number") {
    const norm = sqrt(addN(gradients.map((gradient) => sum(square(gradient)))));
    const scale = mul(globalClipnorm, minimum(div(scalar(1), norm), 1 / globalClipnorm));
    return gradients.map((gradient) => mul(gradient, scale));
  }
  if (typeof clipvalue === "number") return gradients.map((gradient) => clipByValue(gradient, -clipvalue, clipvalue));
  return gradients;
}
