import type { Margins2D, SymbolicTensor } from "@featuremap/layers";

/**
 * Margins before a convolution of stride 2 with `valid` padding, so that even and odd lengths are halved alike.
 *
 * Source: Keras `imagenet_utils.correct_pad`.
 */
export function correctPadding({ shape }: SymbolicTensor, kernelSize: number): Margins2D {
  const [, height = null, width = null] = shape;
  const after = Math.floor(kernelSize / 2);
  const before = (length: number | null): number => after - (height === null || length === null ? 1 : 1 - (length % 2));
  return [
    [before(height), after],
    [before(width), after],
  ];
}
