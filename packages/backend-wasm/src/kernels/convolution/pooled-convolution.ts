import type {
  fusedConv2DBackpropFilter,
  fusedConv2DBackpropInput,
} from "@featuremap/operations/contract/fused-convolution";
import type { OutputsAs } from "@featuremap/operations/contract/kernel";
import type { maxPoolWithChoice, maxPoolWithChoiceGrad } from "@featuremap/operations/contract/noted-pooling";
import type {
  PooledConvolutionAttributes,
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "@featuremap/operations/contract/pooled-convolution";
import { type KernelConfig, type MaxPoolAttrs, type TensorInfo, FusedConv2D, MaxPool } from "@tensorflow/tfjs-core";
import { epilogueCode, optional } from "../matrix/activation.ts";
import type { WasmBackend } from "../../engine/backend.ts";
import { offeredKernel, runKernel, runOffered } from "../../engine/kernel.ts";
import { chunksOf, geometryOf, setGeometry } from "./convolution.ts";
import { suitsWinograd, winogradFilterGradient, winogradForward, winogradInputGradient } from "../winograd/winograd.ts";
import type { Geometry } from "../runtime/window.ts";

/** Windows of 2 x 2, strides 2, no padding. */
const POOLING = { filterSize: [2, 2], strides: [2, 2], pad: "valid" } satisfies MaxPoolAttrs;

/**
 * Convolution, activation (linear, ReLU or ReLU6) and the largest of each window of 2 x 2 as one pass, whose larger map is
 * never written; with its gradients. NHWC and float32. Geometries without such a pass go by the kernels for each step.
 */
export const pooledConvolutionKernels: readonly KernelConfig[] = [
  offeredKernel<typeof fusedConv2DMaxPool>("FusedConv2DMaxPool", ({ inputs, attrs, backend }) => {
    const { x, filter } = inputs;
    const { bias } = optional(inputs);
    const geometry = geometryOf(x.shape, filter.shape, attrs, attrs.dilations);
    const way = wayOf(geometry);
    if (way === undefined) return poolConvolution(x, filter, bias, attrs, backend);
    const shape = pooledShape(geometry);
    const y = backend.output(shape);
    const choice = attrs.notes ? backend.output(shape, "bool") : undefined;
    const [input, weights] = [backend.pointer(x), backend.pointer(filter)];
    const added = bias === undefined ? 0 : backend.pointer(bias);
    const activation = epilogueCode(attrs.activation);
    const choices = choice?.pointer ?? 0;
    setGeometry(geometry, backend);
    if (way === "thin") {
      backend.kernels.thinPooledForward(geometry.batchSize, input, weights, y.pointer, added, activation, choices);
    } else {
      const at = { input, filter: weights, output: y.pointer, bias: added, mask: 0, activation, choices };
      winogradForward(geometry, at, backend);
    }
    return choice === undefined ? [y.info] : [y.info, choice.info];
  }),

  offeredKernel<typeof fusedConv2DMaxPoolBackpropFilter>(
    "FusedConv2DMaxPoolBackpropFilter",
    ({ inputs: { x, dy, y, choice }, attrs, backend }) => {
      const geometry = geometryOf(x.shape, attrs.filterShape, attrs, attrs.dilations);
      const way = wayOf(geometry);
      if (way === undefined) {
        const slope = unpool(dy, y, choice, geometry, attrs, backend);
        const inputs = { x, dy: slope, y: slope };
        const name = "FusedConv2DBackpropFilter";
        const linear = { ...attrs, activation: "linear" } as const;
        const gradients = runOffered<typeof fusedConv2DBackpropFilter>(name, inputs, linear, backend);
        backend.disposeIntermediateTensorInfo(slope);
        return gradients;
      }
      const filter = backend.output(geometry.filterShape);
      const bias = backend.output([geometry.outChannels]);
      const activation = epilogueCode(attrs.activation);
      const [input, gradient, choices] = [backend.pointer(x), backend.pointer(dy), backend.pointer(choice)];
      const mask = backend.pointer(y);
      setGeometry(geometry, backend);
      if (way === "thin") {
        const size = 10 * geometry.outChannels;
        const chunks = chunksOf(geometry, size, backend.threads);
        backend.withWorkspace(4 * size * chunks, (partials) =>
          backend.kernels.thinPooledFilterGradient(
            geometry.batchSize,
            input,
            gradient,
            filter.pointer,
            bias.pointer,
            mask,
            activation,
            choices,
            partials,
            chunks,
          ),
        );
      } else {
        const at = { input, filter: filter.pointer, output: gradient, bias: bias.pointer, mask, activation, choices };
        winogradFilterGradient(geometry, at, backend);
      }
      return [filter.info, bias.info];
    },
  ),

  offeredKernel<typeof fusedConv2DMaxPoolBackpropInput>(
    "FusedConv2DMaxPoolBackpropInput",
    ({ inputs: { dy, y, choice, filter }, attrs, backend }) => {
      const geometry = geometryOf(attrs.inputShape, filter.shape, attrs, attrs.dilations);
      if (wayOf(geometry) !== "winograd") {
        const slope = unpool(dy, y, choice, geometry, attrs, backend);
        const inputs = { dy: slope, y: slope, filter };
        const name = "FusedConv2DBackpropInput";
        const linear = { ...attrs, activation: "linear" } as const;
        const gradient = runOffered<typeof fusedConv2DBackpropInput>(name, inputs, linear, backend);
        backend.disposeIntermediateTensorInfo(slope);
        return gradient;
      }
      const { info, pointer } = backend.output(geometry.inShape);
      const [gradient, mask] = [backend.pointer(dy), backend.pointer(y)];
      const [weights, choices] = [backend.pointer(filter), backend.pointer(choice)];
      const activation = epilogueCode(attrs.activation);
      setGeometry(geometry, backend);
      const at = { input: pointer, filter: weights, output: gradient, bias: 0, mask, activation, choices };
      winogradInputGradient(geometry, at, backend);
      return info;
    },
  ),
];

/** The pass that takes a geometry, if any does. */
function wayOf(geometry: Geometry): "winograd" | "thin" | undefined {
  const { inChannels, outChannels, filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const { dilationHeight, dilationWidth, outHeight, outWidth } = geometry;
  if (outHeight < 2 || outWidth < 2) return undefined;
  if (suitsWinograd(geometry)) return "winograd";
  const isThin =
    inChannels === 1 &&
    outChannels % 4 === 0 &&
    filterHeight === 3 &&
    filterWidth === 3 &&
    [strideHeight, strideWidth, dilationHeight, dilationWidth].every((step) => step === 1);
  return isThin ? "thin" : undefined;
}

function pooledShape({ batchSize, outHeight, outWidth, outChannels }: Geometry): number[] {
  return [batchSize, Math.floor(outHeight / 2), Math.floor(outWidth / 2), outChannels];
}

/** The steps one by one. */
function poolConvolution(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  attrs: PooledConvolutionAttributes,
  backend: WasmBackend,
): OutputsAs<typeof fusedConv2DMaxPool, TensorInfo> {
  const inputs = bias === undefined ? { x, filter } : { x, filter, bias };
  const images = runKernel(FusedConv2D, inputs, { ...attrs }, backend);
  const outputs: OutputsAs<typeof fusedConv2DMaxPool, TensorInfo> = attrs.notes
    ? runOffered<typeof maxPoolWithChoice>(
        "MaxPoolWithChoice",
        { x: images },
        { ...POOLING, inputShape: images.shape },
        backend,
      )
    : [runKernel(MaxPool, { x: images }, POOLING, backend)];
  backend.disposeIntermediateTensorInfo(images);
  return outputs;
}

/** The gradient of the convolution's sums, from that of the maxima. */
function unpool(
  dy: TensorInfo,
  y: TensorInfo,
  choice: TensorInfo,
  { outShape }: Geometry,
  { activation }: PooledConvolutionAttributes,
  backend: WasmBackend,
): TensorInfo {
  const name = { linear: undefined, relu: "ReluGrad", relu6: "Relu6Grad" }[activation];
  const slope = name === undefined ? dy : runKernel(name, { dy, y }, {}, backend);
  const gradient = runOffered<typeof maxPoolWithChoiceGrad>(
    "MaxPoolWithChoiceGrad",
    { dy: slope, choice },
    { ...POOLING, inputShape: outShape },
    backend,
  );
  if (slope !== dy) backend.disposeIntermediateTensorInfo(slope);
  return gradient;
}
