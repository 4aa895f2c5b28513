import type { KernelConfig } from "@tensorflow/tfjs-core";
import { alsoChannelsFirst } from "./channels-first.ts";
import { batchNormalizationKernels } from "./kernels/batch-normalization.ts";
import { activationGradientKernels } from "./kernels/activation-gradient.ts";
import { bestIndexKernels } from "./kernels/best-index.ts";
import { binaryKernels } from "./kernels/binary.ts";
import { blockKernels } from "./kernels/blocks.ts";
import { castKernels } from "./kernels/cast.ts";
import { comparisonKernels } from "./kernels/comparison.ts";
import { convolutionKernels } from "./kernels/convolution.ts";
import { crossentropyKernels } from "./kernels/crossentropy.ts";
import { depthwiseKernels } from "./kernels/depthwise.ts";
import { foldKernels } from "./kernels/fold.ts";
import { elementaryKernels } from "./kernels/elementary.ts";
import { groupedConvolutionKernels } from "./kernels/grouped-convolution.ts";
import { layerNormalizationKernels } from "./kernels/layer-normalization.ts";
import { matmulKernels } from "./kernels/matmul.ts";
import { normalizationKernels } from "./kernels/normalization.ts";
import { paddingKernels } from "./kernels/padding.ts";
import { pooledConvolutionKernels } from "./kernels/pooled-convolution.ts";
import { poolingKernels } from "./kernels/pooling.ts";
import { reductionKernels } from "./kernels/reduction.ts";
import { resizingKernels } from "./kernels/resizing.ts";
import { scanKernels } from "./kernels/scan.ts";
import { scatteringKernels } from "./kernels/scattering.ts";
import { selectionKernels } from "./kernels/selection.ts";
import { shapingKernels } from "./kernels/shaping.ts";
import { unaryKernels } from "./kernels/unary.ts";

/** Every kernel that this backend computes itself; the rest are the CPU backend's. */
export const kernels: readonly KernelConfig[] = [
  ...batchNormalizationKernels,
  ...activationGradientKernels,
  ...bestIndexKernels,
  ...binaryKernels,
  ...blockKernels,
  ...castKernels,
  ...comparisonKernels,
  ...[...convolutionKernels, ...depthwiseKernels].map(alsoChannelsFirst),
  ...crossentropyKernels,
  ...foldKernels,
  ...elementaryKernels,
  ...groupedConvolutionKernels,
  ...layerNormalizationKernels,
  ...matmulKernels,
  ...normalizationKernels,
  ...paddingKernels,
  ...pooledConvolutionKernels,
  ...poolingKernels,
  ...reductionKernels,
  ...resizingKernels,
  ...scanKernels,
  ...scatteringKernels,
  ...selectionKernels,
  ...shapingKernels,
  ...unaryKernels,
];
