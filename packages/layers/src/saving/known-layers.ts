import { Activation } from "../layers/activation/activation.ts";
import { ActivityRegularization } from "../layers/regularization/activity-regularization.ts";
import { AdaptiveAveragePooling1D } from "../layers/pooling/adaptive/adaptive-average-pooling1d.ts";
import { AdaptiveAveragePooling2D } from "../layers/pooling/adaptive/adaptive-average-pooling2d.ts";
import { AdaptiveAveragePooling3D } from "../layers/pooling/adaptive/adaptive-average-pooling3d.ts";
import { AdaptiveMaxPooling1D } from "../layers/pooling/adaptive/adaptive-max-pooling1d.ts";
import { AdaptiveMaxPooling2D } from "../layers/pooling/adaptive/adaptive-max-pooling2d.ts";
import { AdaptiveMaxPooling3D } from "../layers/pooling/adaptive/adaptive-max-pooling3d.ts";
import { AlphaDropout } from "../layers/regularization/alpha-dropout.ts";
import { AugMix } from "../layers/preprocessing/mixtures/aug-mix.ts";
import { AutoContrast } from "../layers/preprocessing/colors/auto-contrast.ts";
import { AveragePooling1D } from "../layers/pooling/average-pooling1d.ts";
import { AveragePooling2D } from "../layers/pooling/average-pooling2d.ts";
import { AveragePooling3D } from "../layers/pooling/average-pooling3d.ts";
import { BatchNormalization } from "../layers/normalization/batch-normalization.ts";
import { CenterCrop } from "../layers/preprocessing/center-crop.ts";
import { Concatenate } from "../layers/merging/concatenate.ts";
import { ContrastLimitedAdaptiveHistogramEqualization } from "../layers/preprocessing/colors/contrast-limited-adaptive-histogram-equalization.ts";
import { Conv1DTranspose } from "../layers/convolutional/conv1d-transpose.ts";
import { Conv1D } from "../layers/convolutional/conv1d.ts";
import { Conv2DTranspose } from "../layers/convolutional/conv2d-transpose.ts";
import { Conv3DTranspose } from "../layers/convolutional/conv3d-transpose.ts";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Conv3D } from "../layers/convolutional/conv3d.ts";
import { Cropping1D } from "../layers/reshaping/cropping1d.ts";
import { Cropping2D } from "../layers/reshaping/cropping2d.ts";
import { Cropping3D } from "../layers/reshaping/cropping3d.ts";
import { CustomScaleLayer } from "../layers/merging/custom-scale-layer.ts";
import { CutMix } from "../layers/preprocessing/mixtures/cut-mix.ts";
import { Dense } from "../layers/core/dense.ts";
import { DepthwiseConv1D } from "../layers/convolutional/separable/depthwise-conv1d.ts";
import { DepthwiseConv2D } from "../layers/convolutional/separable/depthwise-conv2d.ts";
import { Dot } from "../layers/merging/dot.ts";
import { Dropout } from "../layers/regularization/dropout.ts";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "../layers/merging/elementwise-merging.ts";
import { ELU } from "../layers/activation/elu.ts";
import { Equalization } from "../layers/preprocessing/colors/equalization.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { GaussianDropout } from "../layers/regularization/gaussian-dropout.ts";
import { GaussianNoise } from "../layers/regularization/gaussian-noise.ts";
import { GlobalAveragePooling1D } from "../layers/pooling/global/global-average-pooling1d.ts";
import { GlobalAveragePooling2D } from "../layers/pooling/global/global-average-pooling2d.ts";
import { GlobalAveragePooling3D } from "../layers/pooling/global/global-average-pooling3d.ts";
import { GlobalMaxPooling1D } from "../layers/pooling/global/global-max-pooling1d.ts";
import { GlobalMaxPooling2D } from "../layers/pooling/global/global-max-pooling2d.ts";
import { GlobalMaxPooling3D } from "../layers/pooling/global/global-max-pooling3d.ts";
import { GroupNormalization } from "../layers/normalization/group-normalization.ts";
import { Identity } from "../layers/core/identity.ts";
import { InputLayer } from "../model/input-layer.ts";
import { LayerNormalization } from "../layers/normalization/layer-normalization.ts";
import { LayerScale } from "../layers/normalization/layer-scale.ts";
import { LeakyReLU } from "../layers/activation/leaky-relu.ts";
import { MaxPooling1D } from "../layers/pooling/max-pooling1d.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import { MaxPooling3D } from "../layers/pooling/max-pooling3d.ts";
import { MixUp } from "../layers/preprocessing/mixtures/mix-up.ts";
import { Normalization } from "../layers/preprocessing/normalization.ts";
import { Permute } from "../layers/reshaping/permute.ts";
import { PReLU } from "../layers/activation/prelu.ts";
import { RandAugment } from "../layers/preprocessing/mixtures/rand-augment.ts";
import { RandomBrightness } from "../layers/preprocessing/colors/random-brightness.ts";
import { RandomColorDegeneration } from "../layers/preprocessing/colors/random-color-degeneration.ts";
import { RandomColorJitter } from "../layers/preprocessing/colors/random-color-jitter.ts";
import { RandomContrast } from "../layers/preprocessing/colors/random-contrast.ts";
import { RandomCrop } from "../layers/preprocessing/geometry/random-crop.ts";
import { RandomElasticTransform } from "../layers/preprocessing/geometry/random-elastic-transform.ts";
import { RandomErasing } from "../layers/preprocessing/mixtures/random-erasing.ts";
import { RandomFlip } from "../layers/preprocessing/geometry/random-flip.ts";
import { RandomGaussianBlur } from "../layers/preprocessing/colors/random-gaussian-blur.ts";
import { RandomGrayscale } from "../layers/preprocessing/colors/random-grayscale.ts";
import { RandomHue } from "../layers/preprocessing/colors/random-hue.ts";
import { RandomInvert } from "../layers/preprocessing/colors/random-invert.ts";
import { RandomPerspective } from "../layers/preprocessing/geometry/random-perspective.ts";
import { RandomPosterization } from "../layers/preprocessing/colors/random-posterization.ts";
import { RandomRotation } from "../layers/preprocessing/geometry/random-rotation.ts";
import { RandomSaturation } from "../layers/preprocessing/colors/random-saturation.ts";
import { RandomSharpness } from "../layers/preprocessing/colors/random-sharpness.ts";
import { RandomShear } from "../layers/preprocessing/geometry/random-shear.ts";
import { RandomTranslation } from "../layers/preprocessing/geometry/random-translation.ts";
import { RandomZoom } from "../layers/preprocessing/geometry/random-zoom.ts";
import { ReLU } from "../layers/activation/relu.ts";
import { RepeatVector } from "../layers/reshaping/repeat-vector.ts";
import { Rescaling } from "../layers/preprocessing/rescaling.ts";
import { Reshape } from "../layers/reshaping/reshape.ts";
import { Resizing } from "../layers/preprocessing/resizing.ts";
import { RMSNormalization } from "../layers/normalization/rms-normalization.ts";
import { SeparableConv1D } from "../layers/convolutional/separable/separable-conv1d.ts";
import { SeparableConv2D } from "../layers/convolutional/separable/separable-conv2d.ts";
import { Softmax } from "../layers/activation/softmax.ts";
import { Solarization } from "../layers/preprocessing/colors/solarization.ts";
import { SpatialDropout1D } from "../layers/regularization/spatial-dropout1d.ts";
import { SpatialDropout2D } from "../layers/regularization/spatial-dropout2d.ts";
import { SpatialDropout3D } from "../layers/regularization/spatial-dropout3d.ts";
import { StochasticDepth } from "../layers/regularization/stochastic-depth.ts";
import { UnitNormalization } from "../layers/normalization/unit-normalization.ts";
import { UpSampling1D } from "../layers/reshaping/up-sampling1d.ts";
import { UpSampling2D } from "../layers/reshaping/up-sampling2d.ts";
import { UpSampling3D } from "../layers/reshaping/up-sampling3d.ts";
import { ZeroPadding1D } from "../layers/reshaping/zero-padding1d.ts";
import { ZeroPadding2D } from "../layers/reshaping/zero-padding2d.ts";
import { ZeroPadding3D } from "../layers/reshaping/zero-padding3d.ts";
import type { LoadableLayer } from "../layer/reading/register.ts";

/** The classes that saved models may name, but for those that are made of others: models and pipelines. */
export const knownLayers: readonly LoadableLayer[] = [
  Activation,
  ActivityRegularization,
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
  AlphaDropout,
  Add,
  AugMix,
  AutoContrast,
  Average,
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  BatchNormalization,
  CenterCrop,
  Concatenate,
  ContrastLimitedAdaptiveHistogramEqualization,
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3DTranspose,
  Conv3D,
  Cropping1D,
  Cropping2D,
  Cropping3D,
  CustomScaleLayer,
  CutMix,
  Dense,
  DepthwiseConv1D,
  DepthwiseConv2D,
  Dot,
  Dropout,
  ELU,
  Equalization,
  Flatten,
  GaussianDropout,
  GaussianNoise,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
  GroupNormalization,
  Identity,
  InputLayer,
  LayerNormalization,
  LayerScale,
  LeakyReLU,
  Maximum,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  Minimum,
  MixUp,
  Multiply,
  Normalization,
  Permute,
  PReLU,
  RandAugment,
  RandomBrightness,
  RandomColorDegeneration,
  RandomColorJitter,
  RandomContrast,
  RandomCrop,
  RandomElasticTransform,
  RandomErasing,
  RandomFlip,
  RandomGaussianBlur,
  RandomGrayscale,
  RandomHue,
  RandomInvert,
  RandomPerspective,
  RandomPosterization,
  RandomRotation,
  RandomSaturation,
  RandomSharpness,
  RandomShear,
  RandomTranslation,
  RandomZoom,
  ReLU,
  RepeatVector,
  Rescaling,
  Reshape,
  Resizing,
  RMSNormalization,
  SeparableConv1D,
  SeparableConv2D,
  Softmax,
  Solarization,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  StochasticDepth,
  Subtract,
  UnitNormalization,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding2D,
  ZeroPadding3D,
];
