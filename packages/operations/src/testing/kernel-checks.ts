import { activationChecks } from "./cases/activations.ts";
import { fusedConvolutionChecks } from "./cases/fused-convolution.ts";
import { groupedConvolutionChecks } from "./cases/grouped-convolution.ts";
import { batchNormalizationChecks, layerNormalizationChecks } from "./cases/normalization.ts";
import { notedPoolingChecks } from "./cases/noted-pooling.ts";
import { pooledConvolutionChecks } from "./cases/pooled-convolution.ts";
import { softmaxCrossentropyChecks } from "./cases/softmax-crossentropy.ts";
import type { KernelCheck } from "./check-kernel.ts";

/** Every kernel of the contract against its reference, forward and gradients. */
export const kernelChecks: readonly KernelCheck[] = [
  ...activationChecks,
  ...batchNormalizationChecks,
  ...fusedConvolutionChecks,
  ...groupedConvolutionChecks,
  ...layerNormalizationChecks,
  ...notedPoolingChecks,
  ...pooledConvolutionChecks,
  ...softmaxCrossentropyChecks,
];
