import { type Shape, shapesEqual } from "@featuremap/tensor";
import type { Activation as NamedActivation } from "../parts/activations.ts";
import type { Layer } from "../layer/layer.ts";
import { Activation } from "../layers/activation/activation.ts";
import { ActivityRegularization } from "../layers/regularization/activity-regularization.ts";
import { AveragePooling1D } from "../layers/pooling/average-pooling1d.ts";
import { AveragePooling2D } from "../layers/pooling/average-pooling2d.ts";
import { AveragePooling3D } from "../layers/pooling/average-pooling3d.ts";
import { BatchNormalization } from "../layers/normalization/batch-normalization.ts";
import { Concatenate } from "../layers/merging/concatenate.ts";
import { Conv1DTranspose } from "../layers/convolutional/conv1d-transpose.ts";
import { Conv1D } from "../layers/convolutional/conv1d.ts";
import { Conv2DTranspose } from "../layers/convolutional/conv2d-transpose.ts";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Conv3D } from "../layers/convolutional/conv3d.ts";
import { Dense } from "../layers/core/dense.ts";
import { DepthwiseConv1D } from "../layers/convolutional/separable/depthwise-conv1d.ts";
import { DepthwiseConv2D } from "../layers/convolutional/separable/depthwise-conv2d.ts";
import { Dropout } from "../layers/regularization/dropout.ts";
import { Add, Average, Maximum, Minimum, Subtract } from "../layers/merging/elementwise-merging.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { GaussianDropout } from "../layers/regularization/gaussian-dropout.ts";
import { GaussianNoise } from "../layers/regularization/gaussian-noise.ts";
import { GlobalAveragePooling1D } from "../layers/pooling/global/global-average-pooling1d.ts";
import { GlobalAveragePooling2D } from "../layers/pooling/global/global-average-pooling2d.ts";
import { GlobalAveragePooling3D } from "../layers/pooling/global/global-average-pooling3d.ts";
import { GlobalMaxPooling1D } from "../layers/pooling/global/global-max-pooling1d.ts";
import { GlobalMaxPooling2D } from "../layers/pooling/global/global-max-pooling2d.ts";
import { GlobalMaxPooling3D } from "../layers/pooling/global/global-max-pooling3d.ts";
import { MaxPooling1D } from "../layers/pooling/max-pooling1d.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import { MaxPooling3D } from "../layers/pooling/max-pooling3d.ts";
import type { DataFormat } from "../config/options.ts";
import { OperationLayer } from "../model/operation-layer.ts";
import { Permute } from "../layers/reshaping/permute.ts";
import { Rescaling } from "../layers/preprocessing/rescaling.ts";
import { Reshape } from "../layers/reshaping/reshape.ts";
import { resolveAxis } from "../config/resolve-axis.ts";
import { SeparableConv1D } from "../layers/convolutional/separable/separable-conv1d.ts";
import { SeparableConv2D } from "../layers/convolutional/separable/separable-conv2d.ts";
import { Softmax } from "../layers/activation/softmax.ts";
import { SpatialDropout1D } from "../layers/regularization/spatial-dropout1d.ts";
import { SpatialDropout2D } from "../layers/regularization/spatial-dropout2d.ts";
import { computingClass } from "./computing-class.ts";
import {
  type Claim,
  activated,
  averaged,
  common,
  onlyScores,
  picked,
  rearranged,
  scores,
  sharesOver,
  softmaxOver,
  unknown,
  weighedSum,
} from "./claims.ts";
import { claimOfOperation } from "./operation-rules.ts";

/** One use of a layer: what is known of its inputs, and all shapes. */
interface Use<Kind> {
  readonly layer: Kind;
  readonly inputs: readonly Claim[];
  /** The first of {@link inputs}. */
  readonly input: Claim;
  readonly inputShapes: readonly Shape[];
  /** The first of {@link inputShapes}. */
  readonly from: Shape;
  readonly to: Shape;
}

/** What is known of the output of one use of a layer. */
type Rule<Kind> = (use: Use<Kind>) => Claim;

type Class<Kind> = abstract new (...config: never[]) => Kind;

/** Made when it is first asked for, so that pages which never ask need not load every class. */
let rules: ReadonlyMap<unknown, Rule<Layer>> | undefined;

/**
 * What is known of the output of a layer that is used once: nothing, unless its class is one of those below, or derives
 * from one without another way to compute.
 */
export function claimOf(layer: Layer, inputs: readonly Claim[], inputShapes: readonly Shape[], to: Shape): Claim {
  rules ??= makeRules();
  const rule = rules.get(computingClass(layer, rules));
  const [input = unknown] = inputs;
  const [from = []] = inputShapes;
  return rule?.({ layer, inputs, input, inputShapes, from, to }) ?? unknown;
}

function makeRules(): ReadonlyMap<unknown, Rule<Layer>> {
  const made = new Map<unknown, Rule<Layer>>();
  const add = <Kind extends Layer>(classes: readonly Class<Kind>[], rule: Rule<Kind>): void => {
    // Looked up by the class of the layer that it is given.
    for (const each of classes) made.set(each, rule as Rule<never> as Rule<Layer>);
  };
  const convolutions = [Conv1D, Conv2D, Conv3D, Conv1DTranspose, Conv2DTranspose];
  const depthwise = [DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D];
  add<Layer & { readonly activation: NamedActivation }>(
    [Dense, ...convolutions, ...depthwise],
    ({ layer: { activation }, to }) => ofActivation(activation, scores, to),
  );
  add([Activation], ({ layer: { activation }, input, to }) => ofActivation(activation, input, to));
  add([Softmax], ({ layer: { axis }, to }) => softmaxOver(resolveAxis("Softmax", [axis].flat(), to), to));

  // They change nothing when a model predicts.
  const training = [
    Dropout,
    SpatialDropout1D,
    SpatialDropout2D,
    GaussianDropout,
    GaussianNoise,
    ActivityRegularization,
  ];
  add<Layer>(training, ({ input }) => input);

  add<Layer>([Flatten, Reshape], ({ input, from, to }) => rearranged(input, from, to));
  add([Permute], ({ layer: { config }, input, from, to }) =>
    input.kind === "shares"
      ? sharesOver(
          config.dims.flatMap((axis, index) => (input.axes.includes(axis) ? [index + 1] : [])),
          to,
          input.total,
        )
      : rearranged(input, from, to),
  );

  const averaging = [AveragePooling1D, AveragePooling2D, AveragePooling3D];
  const averagingAll = [GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D];
  add<Layer & { readonly dataFormat: DataFormat }>([...averaging, ...averagingAll], ({ layer, input, from, to }) => {
    const channels = (shape: Shape): number => (layer.dataFormat === "channelsFirst" ? 1 : shape.length - 1);
    return averaged(input, from, channels(from), to, channels(to));
  });
  const picking = [MaxPooling1D, MaxPooling2D, MaxPooling3D];
  const pickingAll = [GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D];
  add<Layer>([...picking, ...pickingAll], ({ input }) => picked(input));

  const isOneShape = (shapes: readonly Shape[], to: Shape): boolean => shapes.every((shape) => shapesEqual(shape, to));
  add([Average], ({ inputs, inputShapes, to }) => {
    const claim = weighedSum(inputs.map((each) => ({ claim: each, factor: 1 / inputs.length })));
    return isOneShape(inputShapes, to) ? claim : picked(claim);
  });
  // Sums of scores are scores still, also where they broadcast; so are multiples.
  add([Add], ({ inputs, inputShapes, to }) => {
    const claim = weighedSum(inputs.map((each) => ({ claim: each, factor: 1 })));
    return isOneShape(inputShapes, to) ? claim : onlyScores(claim);
  });
  add([Rescaling], ({ layer: { config }, input }) => {
    const factor = typeof config.scale === "number" && (config.offset ?? 0) === 0 ? config.scale : Number.NaN;
    return weighedSum([{ claim: input, factor }]);
  });
  add<Layer>([Subtract, BatchNormalization], ({ inputs }) => onlyScores(common(inputs)));
  add<Layer>([Maximum, Minimum, Concatenate], ({ inputs }) => picked(common(inputs)));
  add([OperationLayer], claimOfOperation);
  return made;
}

/** A function of the user's own may have any name. */
function ofActivation({ name, own }: NamedActivation, input: Claim, to: Shape): Claim {
  return own === undefined ? activated(name, input, to) : unknown;
}
