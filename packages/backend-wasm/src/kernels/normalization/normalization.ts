import {
  type FusedBatchNormAttrs,
  type FusedBatchNormInputs,
  type KernelConfig,
  type TensorInfo,
  FusedBatchNorm,
  util,
} from "@tensorflow/tfjs-core";
import { kernel } from "../../engine/kernel.ts";

/** Fewest floats over which a vector loop runs at its speed; shorter parameters are repeated to it. */
const SHORTEST = 64;

/** Scale and offset may be left out, given as `null` or not at all. */
type BatchNormInputs = Omit<FusedBatchNormInputs, "scale" | "offset"> & {
  readonly scale?: TensorInfo | null;
  readonly offset?: TensorInfo | null;
};

/** Normalisation by given means and variances; `y = (x - mean) * factor + offset`, each factor computed once. */
export const normalizationKernels: readonly KernelConfig[] = [
  kernel<BatchNormInputs, FusedBatchNormAttrs>(FusedBatchNorm, ({ inputs, attrs, backend }) => {
    const { x, mean, variance } = inputs;
    const [scale, offset] = [inputs.scale ?? undefined, inputs.offset ?? undefined];
    const parameters = [mean, variance, scale, offset].filter((tensor) => tensor !== undefined);
    const period = util.sizeFromShape(mean.shape);
    const count = util.sizeFromShape(x.shape);
    const takes =
      period > 0 &&
      x.dtype === "float32" &&
      parameters.every(
        ({ dtype, shape }) =>
          dtype === "float32" && shape.length === mean.shape.length && util.sizeFromShape(shape) === period,
      );
    if (!takes) return undefined;
    const { info, pointer } = backend.output(x.shape);
    // A multiple of the period in whole vectors.
    const length = period >= SHORTEST ? period : period * 4 * Math.ceil(SHORTEST / (4 * period));
    const addressOf = (tensor: TensorInfo | undefined): number => (tensor === undefined ? 0 : backend.pointer(tensor));
    const [input, means, variances] = [addressOf(x), addressOf(mean), addressOf(variance)];
    const [scales, offsets] = [addressOf(scale), addressOf(offset)];
    // TensorFlow.js gives the epsilon or leaves it out; its CPU backend then takes 0.001.
    const epsilon = (attrs.varianceEpsilon as number | undefined) ?? 0.001;
    backend.withWorkspace(12 * length, (work) =>
      backend.kernels.normalize(
        input,
        pointer,
        count,
        means,
        variances,
        scales,
        offsets,
        epsilon,
        period,
        work,
        length,
      ),
    );
    return info;
  }),
];
