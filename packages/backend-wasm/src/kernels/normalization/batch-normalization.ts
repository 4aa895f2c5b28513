import type { channelMoments, fusedBatchNormGrad } from "@featuremap/operations/contract/batch-normalization";
import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { withColumns } from "./columns.ts";
import { offeredKernel } from "../../engine/kernel.ts";

/** What training adds to normalisation by given means and variances; both take the last axis for the channels. */
export const batchNormalizationKernels: readonly KernelConfig[] = [
  offeredKernel<typeof channelMoments>("ChannelMoments", ({ inputs: { x }, backend }) => {
    const { rows, channels } = columnsOf(x);
    const [mean, variance] = [backend.output([channels]), backend.output([channels])];
    const input = backend.pointer(x);
    withColumns(backend, rows, channels, 1 + 2 * channels, () =>
      backend.kernels.channelMoments(input, mean.pointer, variance.pointer),
    );
    return [mean.info, variance.info];
  }),

  offeredKernel<typeof fusedBatchNormGrad>("FusedBatchNormGrad", ({ inputs, attrs, backend }) => {
    const { dy, x, mean, variance, scale } = inputs;
    const { rows, channels } = columnsOf(x);
    const dx = backend.output(x.shape);
    const [towardsScale, towardsOffset] = [backend.output([channels]), backend.output([channels])];
    const [input, gradient] = [backend.pointer(x), backend.pointer(dy)];
    const [means, variances] = [backend.pointer(mean), backend.pointer(variance)];
    const scales = scale === undefined ? 0 : backend.pointer(scale);
    withColumns(backend, rows, channels, 2 * channels, (width) =>
      backend.withWorkspace(16 * width, (parameters) =>
        backend.kernels.batchNormalizationGradient(
          input,
          gradient,
          means,
          variances,
          scales,
          attrs.varianceEpsilon,
          dx.pointer,
          towardsScale.pointer,
          towardsOffset.pointer,
          parameters,
        ),
      ),
    );
    return [dx.info, towardsScale.info, towardsOffset.info];
  }),
];

function columnsOf(x: TensorInfo): { readonly rows: number; readonly channels: number } {
  const channels = x.shape.at(-1) ?? 1;
  return { rows: util.sizeFromShape(x.shape) / channels, channels };
}
