import type { KernelConfig } from "@tensorflow/tfjs-core";
import { binaryKernels } from "./kernels/binary.ts";
import { castKernels } from "./kernels/cast.ts";
import { convolutionKernels } from "./kernels/convolution.ts";
import { depthwiseKernels } from "./kernels/depthwise.ts";
import { matmulKernels } from "./kernels/matmul.ts";
import { normalizationKernels } from "./kernels/normalization.ts";
import { paddingKernels } from "./kernels/padding.ts";
import { poolingKernels } from "./kernels/pooling.ts";
import { reductionKernels } from "./kernels/reduction.ts";
import { resizingKernels } from "./kernels/resizing.ts";
import { shapingKernels } from "./kernels/shaping.ts";
import { unaryKernels } from "./kernels/unary.ts";

/** Every kernel that this backend computes itself; the rest are the CPU backend's. */
export const kernels: readonly KernelConfig[] = [
  ...binaryKernels,
  ...castKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...matmulKernels,
  ...normalizationKernels,
  ...paddingKernels,
  ...poolingKernels,
  ...reductionKernels,
  ...resizingKernels,
  ...shapingKernels,
  ...unaryKernels,
];
