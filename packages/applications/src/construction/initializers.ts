import { VarianceScaling } from "@featuremap/layers";

/** First kernels of EfficientNet's convolutions, which keep the variance of gradients. */
export function convolutionKernel(): VarianceScaling {
  return new VarianceScaling({ scale: 2, mode: "fanOut", distribution: "truncatedNormal" });
}

/** First kernel of EfficientNet's top. */
export function denseKernel(): VarianceScaling {
  return new VarianceScaling({ scale: 1 / 3, mode: "fanOut", distribution: "uniform" });
}
