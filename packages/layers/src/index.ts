export type { ActivationFunction, ActivationName, Activation as NamedActivation } from "./activations.ts";
export { ConfigReader } from "./config-reader.ts";
export {
  Constraint,
  type ConstraintName,
  MaxNorm,
  type MaxNormConfig,
  MinMaxNorm,
  type MinMaxNormConfig,
  NonNeg,
  type NormAxis,
  UnitNorm,
  type UnitNormConfig,
} from "./constraints.ts";
export { requireDevice } from "./device.ts";
export { registerGradients } from "@featuremap/operations";
export type { Graph } from "./graph.ts";
export { Constant, type ConstantConfig, Ones, Zeros } from "./initializers/constant.ts";
export {
  Identity as IdentityInitializer,
  type IdentityConfig as IdentityInitializerConfig,
} from "./initializers/identity.ts";
export { Initializer, type RandomInitializerConfig } from "./initializers/initializer.ts";
export { Orthogonal, type OrthogonalConfig } from "./initializers/orthogonal.ts";
export {
  RandomNormal,
  type RandomNormalConfig,
  RandomUniform,
  type RandomUniformConfig,
  TruncatedNormal,
} from "./initializers/random.ts";
export type { InitializerName } from "./initializers/resolve-initializer.ts";
export {
  type FanConfig,
  type FanMode,
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  type VarianceDistribution,
  VarianceScaling,
  type VarianceScalingConfig,
} from "./initializers/variance-scaling.ts";
export type { InputValues, NamedValues } from "./input-values.ts";
export type { KerasName, KerasObject, KerasPart } from "./keras-object.ts";
export type { LayerConfig } from "./layer-config.ts";
export {
  type ApplyOptions,
  type CallContext,
  type FusedCall,
  Layer,
  type LayerNode,
  type SymbolicTensor,
} from "./layer.ts";
export { Activation, type ActivationConfig } from "./layers/activation.ts";
export { ActivityRegularization, type ActivityRegularizationConfig } from "./layers/activity-regularization.ts";
export { AdaptiveAveragePooling1D } from "./layers/adaptive-average-pooling1d.ts";
export { AdaptiveAveragePooling2D } from "./layers/adaptive-average-pooling2d.ts";
export { AdaptiveAveragePooling3D } from "./layers/adaptive-average-pooling3d.ts";
export { AdaptiveMaxPooling1D } from "./layers/adaptive-max-pooling1d.ts";
export { AdaptiveMaxPooling2D } from "./layers/adaptive-max-pooling2d.ts";
export { AdaptiveMaxPooling3D } from "./layers/adaptive-max-pooling3d.ts";
export type { AdaptivePoolingConfig } from "./layers/adaptive-pooling.ts";
export { AlphaDropout } from "./layers/alpha-dropout.ts";
export { AugMix, type AugMixConfig } from "./layers/aug-mix.ts";
export { AutoContrast, type AutoContrastConfig } from "./layers/auto-contrast.ts";
export { AveragePooling1D, type AveragePooling1DConfig } from "./layers/average-pooling1d.ts";
export { AveragePooling2D, type AveragePooling2DConfig } from "./layers/average-pooling2d.ts";
export { AveragePooling3D, type AveragePooling3DConfig } from "./layers/average-pooling3d.ts";
export { BatchNormalization, type BatchNormalizationConfig } from "./layers/batch-normalization.ts";
export { CenterCrop, type CenterCropConfig } from "./layers/center-crop.ts";
export { Concatenate, type ConcatenateConfig } from "./layers/concatenate.ts";
export {
  ContrastLimitedAdaptiveHistogramEqualization,
  type ContrastLimitedAdaptiveHistogramEqualizationConfig,
} from "./layers/contrast-limited-adaptive-histogram-equalization.ts";
export { Conv1DTranspose, type Conv1DTransposeConfig } from "./layers/conv1d-transpose.ts";
export { type CausalPadding, Conv1D, type Conv1DConfig } from "./layers/conv1d.ts";
export { Conv2DTranspose, type Conv2DTransposeConfig } from "./layers/conv2d-transpose.ts";
export { Conv3DTranspose, type Conv3DTransposeConfig } from "./layers/conv3d-transpose.ts";
export { Conv2D, type Conv2DConfig } from "./layers/conv2d.ts";
export { Conv3D, type Conv3DConfig } from "./layers/conv3d.ts";
export { Cropping1D, type Cropping1DConfig } from "./layers/cropping1d.ts";
export { Cropping2D, type Cropping2DConfig } from "./layers/cropping2d.ts";
export { Cropping3D, type Cropping3DConfig } from "./layers/cropping3d.ts";
export { CutMix, type CutMixConfig } from "./layers/cut-mix.ts";
export { Dense, type DenseConfig } from "./layers/dense.ts";
export { DepthwiseConv1D, type DepthwiseConv1DConfig } from "./layers/depthwise-conv1d.ts";
export { DepthwiseConv2D, type DepthwiseConv2DConfig } from "./layers/depthwise-conv2d.ts";
export { Dot, type DotConfig } from "./layers/dot.ts";
export { Dropout } from "./layers/dropout.ts";
export type { DropoutConfig } from "./layers/dropout-layer.ts";
export { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./layers/elementwise-merging.ts";
export { ELU, type ELUConfig } from "./layers/elu.ts";
export { Equalization, type EqualizationConfig } from "./layers/equalization.ts";
export { Flatten, type FlattenConfig } from "./layers/flatten.ts";
export { GaussianDropout, type GaussianDropoutConfig } from "./layers/gaussian-dropout.ts";
export { GaussianNoise, type GaussianNoiseConfig } from "./layers/gaussian-noise.ts";
export { GlobalAveragePooling1D } from "./layers/global-average-pooling1d.ts";
export { GlobalAveragePooling2D } from "./layers/global-average-pooling2d.ts";
export { GlobalAveragePooling3D } from "./layers/global-average-pooling3d.ts";
export { GlobalMaxPooling1D } from "./layers/global-max-pooling1d.ts";
export { GlobalMaxPooling2D } from "./layers/global-max-pooling2d.ts";
export { GlobalMaxPooling3D } from "./layers/global-max-pooling3d.ts";
export type { GlobalPoolingConfig } from "./layers/global-pooling.ts";
export { GroupNormalization, type GroupNormalizationConfig } from "./layers/group-normalization.ts";
export { Identity } from "./layers/identity.ts";
export { Input, type InputConfig, InputLayer, type InputLayerConfig } from "./layers/input-layer.ts";
export type { KernelConfig } from "./layers/kernel-config.ts";
export { LayerNormalization, type LayerNormalizationConfig } from "./layers/layer-normalization.ts";
export { LeakyReLU, type LeakyReLUConfig } from "./layers/leaky-relu.ts";
export type { Margins1D, Margins2D, Margins3D } from "./layers/margins.ts";
export { MaxPooling1D, type MaxPooling1DConfig } from "./layers/max-pooling1d.ts";
export { MaxPooling2D, type MaxPooling2DConfig } from "./layers/max-pooling2d.ts";
export { MaxPooling3D, type MaxPooling3DConfig } from "./layers/max-pooling3d.ts";
export { MixUp, type MixUpConfig } from "./layers/mix-up.ts";
export { type AdaptInput, type MeanNormalizationConfig, Normalization } from "./layers/normalization.ts";
export type { NormalizationConfig } from "./layers/normalization-config.ts";
export type { DataFormat, Size2D } from "./layers/options.ts";
export { Permute, type PermuteConfig } from "./layers/permute.ts";
export { Pipeline, type PipelineConfig } from "./layers/pipeline.ts";
export type { PoolingConfig } from "./layers/pooling.ts";
export { PReLU, type PReLUConfig } from "./layers/prelu.ts";
export { RandAugment, type RandAugmentConfig } from "./layers/rand-augment.ts";
export { RandomBrightness, type RandomBrightnessConfig } from "./layers/random-brightness.ts";
export { RandomColorDegeneration, type RandomColorDegenerationConfig } from "./layers/random-color-degeneration.ts";
export { RandomColorJitter, type RandomColorJitterConfig } from "./layers/random-color-jitter.ts";
export { RandomContrast, type RandomContrastConfig } from "./layers/random-contrast.ts";
export { RandomCrop, type RandomCropConfig } from "./layers/random-crop.ts";
export { RandomElasticTransform, type RandomElasticTransformConfig } from "./layers/random-elastic-transform.ts";
export { RandomErasing, type RandomErasingConfig } from "./layers/random-erasing.ts";
export { RandomFlip, type RandomFlipConfig } from "./layers/random-flip.ts";
export { RandomGaussianBlur, type RandomGaussianBlurConfig } from "./layers/random-gaussian-blur.ts";
export { RandomGrayscale, type RandomGrayscaleConfig } from "./layers/random-grayscale.ts";
export { RandomHue, type RandomHueConfig } from "./layers/random-hue.ts";
export { RandomInvert, type RandomInvertConfig } from "./layers/random-invert.ts";
export { RandomPerspective, type RandomPerspectiveConfig } from "./layers/random-perspective.ts";
export { RandomPosterization, type RandomPosterizationConfig } from "./layers/random-posterization.ts";
export { RandomRotation, type RandomRotationConfig } from "./layers/random-rotation.ts";
export { RandomSaturation, type RandomSaturationConfig } from "./layers/random-saturation.ts";
export { RandomSharpness, type RandomSharpnessConfig } from "./layers/random-sharpness.ts";
export { RandomShear, type RandomShearConfig } from "./layers/random-shear.ts";
export { RandomTranslation, type RandomTranslationConfig } from "./layers/random-translation.ts";
export { RandomZoom, type RandomZoomConfig } from "./layers/random-zoom.ts";
export { ReLU, type ReLUConfig } from "./layers/relu.ts";
export { RepeatVector, type RepeatVectorConfig } from "./layers/repeat-vector.ts";
export { Rescaling, type RescalingConfig } from "./layers/rescaling.ts";
export { Reshape, type ReshapeConfig } from "./layers/reshape.ts";
export { Resizing, type ResizingConfig } from "./layers/resizing.ts";
export { RMSNormalization, type RMSNormalizationConfig } from "./layers/rms-normalization.ts";
export { SeparableConv1D, type SeparableConv1DConfig } from "./layers/separable-conv1d.ts";
export { SeparableConv2D, type SeparableConv2DConfig } from "./layers/separable-conv2d.ts";
export { Softmax, type SoftmaxConfig } from "./layers/softmax.ts";
export { Solarization, type SolarizationConfig } from "./layers/solarization.ts";
export type { Size1D, Size3D } from "./layers/spatial.ts";
export { SpatialDropout1D, type SpatialDropout1DConfig } from "./layers/spatial-dropout1d.ts";
export { SpatialDropout2D, type SpatialDropout2DConfig } from "./layers/spatial-dropout2d.ts";
export { SpatialDropout3D, type SpatialDropout3DConfig } from "./layers/spatial-dropout3d.ts";
export { SpectralNormalization, type SpectralNormalizationConfig } from "./layers/spectral-normalization.ts";
export { UnitNormalization, type UnitNormalizationConfig } from "./layers/unit-normalization.ts";
export { UpSampling1D, type UpSampling1DConfig } from "./layers/up-sampling1d.ts";
export { UpSampling2D, type UpSampling2DConfig } from "./layers/up-sampling2d.ts";
export { UpSampling3D, type UpSampling3DConfig } from "./layers/up-sampling3d.ts";
export { ZeroPadding1D, type ZeroPadding1DConfig } from "./layers/zero-padding1d.ts";
export { ZeroPadding2D, type ZeroPadding2DConfig } from "./layers/zero-padding2d.ts";
export { ZeroPadding3D, type ZeroPadding3DConfig } from "./layers/zero-padding3d.ts";
export { type OutputMeaning, isAlwaysOne, isOutputMeaning, outputMeaning } from "./meaning/output-meaning.ts";
export type { ModelLimits } from "./model-limits.ts";
export { Model, type ModelConfig } from "./model.ts";
export type { RenormClipping } from "@featuremap/operations";
export {
  type Loadable,
  type LoadableLayer,
  type LoadablePart,
  type RegistrationOptions,
  registerKerasSerializable,
} from "./registered-objects.ts";
export {
  L1,
  type L1Config,
  L1L2,
  type L1L2Config,
  L2,
  type L2Config,
  type OrthogonalMode,
  OrthogonalRegularizer,
  type OrthogonalRegularizerConfig,
  Regularizer,
  type RegularizerName,
} from "./regularizers.ts";
export {
  AvgPool1D,
  AvgPool2D,
  AvgPool3D,
  Convolution1D,
  Convolution1DTranspose,
  Convolution2D,
  Convolution2DTranspose,
  Convolution3D,
  Convolution3DTranspose,
  GlobalAvgPool1D,
  GlobalAvgPool2D,
  GlobalAvgPool3D,
  GlobalMaxPool1D,
  GlobalMaxPool2D,
  GlobalMaxPool3D,
  MaxPool1D,
  MaxPool2D,
  MaxPool3D,
  SeparableConvolution1D,
  SeparableConvolution2D,
} from "./second-names.ts";
export { Sequential, type SequentialConfig } from "./sequential.ts";
export { type DeserializeOptions, checkModelLimits, deserializeModel, serializeModel } from "./serialization.ts";
export type { SummaryOptions } from "./summary.ts";
export { Weight, type WeightOptions } from "./weight.ts";
