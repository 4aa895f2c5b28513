import { Activation } from "./layers/activation.ts";
import { ActivityRegularization } from "./layers/activity-regularization.ts";
import { AdaptiveAveragePooling1D } from "./layers/adaptive-average-pooling1d.ts";
import { AdaptiveAveragePooling2D } from "./layers/adaptive-average-pooling2d.ts";
import { AdaptiveAveragePooling3D } from "./layers/adaptive-average-pooling3d.ts";
import { AdaptiveMaxPooling1D } from "./layers/adaptive-max-pooling1d.ts";
import { AdaptiveMaxPooling2D } from "./layers/adaptive-max-pooling2d.ts";
import { AdaptiveMaxPooling3D } from "./layers/adaptive-max-pooling3d.ts";
import { AlphaDropout } from "./layers/alpha-dropout.ts";
import { AugMix } from "./layers/aug-mix.ts";
import { AutoContrast } from "./layers/auto-contrast.ts";
import { AveragePooling1D } from "./layers/average-pooling1d.ts";
import { AveragePooling2D } from "./layers/average-pooling2d.ts";
import { AveragePooling3D } from "./layers/average-pooling3d.ts";
import { BatchNormalization } from "./layers/batch-normalization.ts";
import { CenterCrop } from "./layers/center-crop.ts";
import { Concatenate } from "./layers/concatenate.ts";
import { ContrastLimitedAdaptiveHistogramEqualization } from "./layers/contrast-limited-adaptive-histogram-equalization.ts";
import { Conv1DTranspose } from "./layers/conv1d-transpose.ts";
import { Conv1D } from "./layers/conv1d.ts";
import { Conv2DTranspose } from "./layers/conv2d-transpose.ts";
import { Conv3DTranspose } from "./layers/conv3d-transpose.ts";
import { Conv2D } from "./layers/conv2d.ts";
import { Conv3D } from "./layers/conv3d.ts";
import { Cropping1D } from "./layers/cropping1d.ts";
import { Cropping2D } from "./layers/cropping2d.ts";
import { Cropping3D } from "./layers/cropping3d.ts";
import { CutMix } from "./layers/cut-mix.ts";
import { Dense } from "./layers/dense.ts";
import { DepthwiseConv1D } from "./layers/depthwise-conv1d.ts";
import { DepthwiseConv2D } from "./layers/depthwise-conv2d.ts";
import { Dot } from "./layers/dot.ts";
import { Dropout } from "./layers/dropout.ts";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./layers/elementwise-merging.ts";
import { ELU } from "./layers/elu.ts";
import { Equalization } from "./layers/equalization.ts";
import { Flatten } from "./layers/flatten.ts";
import { GaussianDropout } from "./layers/gaussian-dropout.ts";
import { GaussianNoise } from "./layers/gaussian-noise.ts";
import { GlobalAveragePooling1D } from "./layers/global-average-pooling1d.ts";
import { GlobalAveragePooling2D } from "./layers/global-average-pooling2d.ts";
import { GlobalAveragePooling3D } from "./layers/global-average-pooling3d.ts";
import { GlobalMaxPooling1D } from "./layers/global-max-pooling1d.ts";
import { GlobalMaxPooling2D } from "./layers/global-max-pooling2d.ts";
import { GlobalMaxPooling3D } from "./layers/global-max-pooling3d.ts";
import { GroupNormalization } from "./layers/group-normalization.ts";
import { Identity } from "./layers/identity.ts";
import { InputLayer } from "./layers/input-layer.ts";
import { LayerNormalization } from "./layers/layer-normalization.ts";
import { LeakyReLU } from "./layers/leaky-relu.ts";
import { MaxPooling1D } from "./layers/max-pooling1d.ts";
import { MaxPooling2D } from "./layers/max-pooling2d.ts";
import { MaxPooling3D } from "./layers/max-pooling3d.ts";
import { MixUp } from "./layers/mix-up.ts";
import { Normalization } from "./layers/normalization.ts";
import { Permute } from "./layers/permute.ts";
import { PReLU } from "./layers/prelu.ts";
import { RandAugment } from "./layers/rand-augment.ts";
import { RandomBrightness } from "./layers/random-brightness.ts";
import { RandomColorDegeneration } from "./layers/random-color-degeneration.ts";
import { RandomColorJitter } from "./layers/random-color-jitter.ts";
import { RandomContrast } from "./layers/random-contrast.ts";
import { RandomCrop } from "./layers/random-crop.ts";
import { RandomElasticTransform } from "./layers/random-elastic-transform.ts";
import { RandomErasing } from "./layers/random-erasing.ts";
import { RandomFlip } from "./layers/random-flip.ts";
import { RandomGaussianBlur } from "./layers/random-gaussian-blur.ts";
import { RandomGrayscale } from "./layers/random-grayscale.ts";
import { RandomHue } from "./layers/random-hue.ts";
import { RandomInvert } from "./layers/random-invert.ts";
import { RandomPerspective } from "./layers/random-perspective.ts";
import { RandomPosterization } from "./layers/random-posterization.ts";
import { RandomRotation } from "./layers/random-rotation.ts";
import { RandomSaturation } from "./layers/random-saturation.ts";
import { RandomSharpness } from "./layers/random-sharpness.ts";
import { RandomShear } from "./layers/random-shear.ts";
import { RandomTranslation } from "./layers/random-translation.ts";
import { RandomZoom } from "./layers/random-zoom.ts";
import { ReLU } from "./layers/relu.ts";
import { RepeatVector } from "./layers/repeat-vector.ts";
import { Rescaling } from "./layers/rescaling.ts";
import { Reshape } from "./layers/reshape.ts";
import { Resizing } from "./layers/resizing.ts";
import { RMSNormalization } from "./layers/rms-normalization.ts";
import { SeparableConv1D } from "./layers/separable-conv1d.ts";
import { SeparableConv2D } from "./layers/separable-conv2d.ts";
import { Softmax } from "./layers/softmax.ts";
import { Solarization } from "./layers/solarization.ts";
import { SpatialDropout1D } from "./layers/spatial-dropout1d.ts";
import { SpatialDropout2D } from "./layers/spatial-dropout2d.ts";
import { SpatialDropout3D } from "./layers/spatial-dropout3d.ts";
import { UnitNormalization } from "./layers/unit-normalization.ts";
import { UpSampling1D } from "./layers/up-sampling1d.ts";
import { UpSampling2D } from "./layers/up-sampling2d.ts";
import { UpSampling3D } from "./layers/up-sampling3d.ts";
import { ZeroPadding1D } from "./layers/zero-padding1d.ts";
import { ZeroPadding2D } from "./layers/zero-padding2d.ts";
import { ZeroPadding3D } from "./layers/zero-padding3d.ts";
import type { LoadableLayer } from "./registered-objects.ts";

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
  Subtract,
  UnitNormalization,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding2D,
  ZeroPadding3D,
];
