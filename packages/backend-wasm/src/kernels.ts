import type { KernelConfig } from "@tensorflow/tfjs-core";
import { alsoChannelsFirst } from "./kernels/convolution/channels-first.ts";
import { batchNormalizationKernels } from "./kernels/normalization/batch-normalization.ts";
import { activationGradientKernels } from "./kernels/elementwise/activation-gradient.ts";
import { bestIndexKernels } from "./kernels/reduction/best-index.ts";
import { binaryKernels } from "./kernels/elementwise/binary.ts";
import { blockKernels } from "./kernels/movement/blocks.ts";
import { castKernels } from "./kernels/elementwise/cast.ts";
import { comparisonKernels } from "./kernels/elementwise/comparison.ts";
import { convolutionKernels } from "./kernels/convolution/convolution.ts";
import { crossentropyKernels } from "./kernels/training/crossentropy.ts";
import { depthwiseKernels } from "./kernels/convolution/depthwise.ts";
import { foldKernels } from "./kernels/reduction/fold.ts";
import { elementaryKernels } from "./kernels/elementwise/elementary.ts";
import { groupedConvolutionKernels } from "./kernels/convolution/grouped-convolution.ts";
import { layerNormalizationKernels } from "./kernels/normalization/layer-normalization.ts";
import { matmulKernels } from "./kernels/matrix/matmul.ts";
import { normalizationKernels } from "./kernels/normalization/normalization.ts";
import { paddingKernels } from "./kernels/movement/padding.ts";
import { pooledConvolutionKernels } from "./kernels/convolution/pooled-convolution.ts";
import { poolingKernels } from "./kernels/pooling/pooling.ts";
import { reductionKernels } from "./kernels/reduction/reduction.ts";
import { resizingKernels } from "./kernels/movement/resizing.ts";
import { scanKernels } from "./kernels/reduction/scan.ts";
import { scatteringKernels } from "./kernels/movement/scattering.ts";
import { selectionKernels } from "./kernels/movement/selection.ts";
import { shapingKernels } from "./kernels/movement/shaping.ts";
import { unaryKernels } from "./kernels/elementwise/unary.ts";

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
