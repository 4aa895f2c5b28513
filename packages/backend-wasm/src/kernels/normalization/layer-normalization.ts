import type { layerNorm, layerNormGrad } from "@featuremap/operations/contract/layer-normalization";
import { type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { offeredKernel } from "../../engine/kernel.ts";

/** Floats that a task should have at least. */
const TASK = 16_384;
const MOST_TASKS = 64;

/** Normalisation of each row by its own moments, and the gradients of that. */
export const layerNormalizationKernels: readonly KernelConfig[] = [
  offeredKernel<typeof layerNorm>("LayerNorm", ({ inputs: { x, scale, offset }, attrs, backend }) => {
    const { rows, length, rowsPerTask } = rowsOf(x);
    const [y, mean, variance] = [backend.output(x.shape), backend.output([rows]), backend.output([rows])];
    const [input, scales, offsets] = [backend.pointer(x), backend.pointer(scale), backend.pointer(offset)];
    backend.kernels.layerNormalization(
      input,
      scales,
      offsets,
      attrs.epsilon,
      y.pointer,
      mean.pointer,
      variance.pointer,
      rows,
      length,
      rowsPerTask,
    );
    return [y.info, mean.info, variance.info];
  }),

  offeredKernel<typeof layerNormGrad>("LayerNormGrad", ({ inputs, attrs, backend }) => {
    const { rows, length, rowsPerTask } = rowsOf(inputs.x);
    const dx = backend.output(inputs.x.shape);
    const [towardsScale, towardsOffset] = [backend.output([length]), backend.output([length])];
    const [input, gradient] = [backend.pointer(inputs.x), backend.pointer(inputs.dy)];
    const [means, variances] = [backend.pointer(inputs.mean), backend.pointer(inputs.variance)];
    const scales = backend.pointer(inputs.scale);
    const tasks = Math.ceil(rows / rowsPerTask);
    backend.withWorkspace(8 * length * tasks, (partials) =>
      backend.kernels.layerNormalizationGradient(
        input,
        gradient,
        means,
        variances,
        scales,
        attrs.epsilon,
        dx.pointer,
        towardsScale.pointer,
        towardsOffset.pointer,
        rows,
        length,
        rowsPerTask,
        partials,
      ),
    );
    return [dx.info, towardsScale.info, towardsOffset.info];
  }),
];

/** How the rows are shared among tasks: by the shape alone, so that the number of threads changes no bit. */
function rowsOf(x: TensorInfo): { readonly rows: number; readonly length: number; readonly rowsPerTask: number } {
  const length = x.shape.at(-1) ?? 1;
  const rows = util.sizeFromShape(x.shape.slice(0, -1));
  const rowsPerTask = Math.max(Math.ceil(TASK / Math.max(1, length)), Math.ceil(rows / MOST_TASKS));
  return { rows, length, rowsPerTask };
}
