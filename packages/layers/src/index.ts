export type { ActivationFunction, ActivationName, Activation as NamedActivation } from "./parts/activations.ts";
export { ConfigReader } from "./config/config-reader.ts";
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
} from "./parts/constraints.ts";
export { requireDevice } from "./layer/device.ts";
export { registerGradients } from "@featuremap/operations";
export type { Graph } from "./model/graph/graph.ts";
export { Constant, type ConstantConfig, Ones, Zeros } from "./parts/initializers/constant.ts";
export {
  Identity as IdentityInitializer,
  type IdentityConfig as IdentityInitializerConfig,
} from "./parts/initializers/identity.ts";
export { Initializer, type RandomInitializerConfig } from "./parts/initializers/initializer.ts";
export { Orthogonal, type OrthogonalConfig } from "./parts/initializers/orthogonal.ts";
export {
  RandomNormal,
  type RandomNormalConfig,
  RandomUniform,
  type RandomUniformConfig,
  TruncatedNormal,
} from "./parts/initializers/random.ts";
export type { InitializerName } from "./parts/initializers/resolve-initializer.ts";
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
} from "./parts/initializers/variance-scaling.ts";
export type { InputValues, NamedValues } from "./layer/input-values.ts";
export type { KerasName, KerasObject, KerasPart } from "./config/keras-object.ts";
export { type LayerConfig, layerOptions } from "./layer/layer-config.ts";
export { type ApplyOptions, type CallContext, Layer, type LayerNode, type SymbolicTensor } from "./layer/layer.ts";
export { Activation, type ActivationConfig } from "./layers/activation/activation.ts";
export {
  ActivityRegularization,
  type ActivityRegularizationConfig,
} from "./layers/regularization/activity-regularization.ts";
export { AdaptiveAveragePooling1D } from "./layers/pooling/adaptive/adaptive-average-pooling1d.ts";
export { AdaptiveAveragePooling2D } from "./layers/pooling/adaptive/adaptive-average-pooling2d.ts";
export { AdaptiveAveragePooling3D } from "./layers/pooling/adaptive/adaptive-average-pooling3d.ts";
export { AdaptiveMaxPooling1D } from "./layers/pooling/adaptive/adaptive-max-pooling1d.ts";
export { AdaptiveMaxPooling2D } from "./layers/pooling/adaptive/adaptive-max-pooling2d.ts";
export { AdaptiveMaxPooling3D } from "./layers/pooling/adaptive/adaptive-max-pooling3d.ts";
export type { AdaptivePoolingConfig } from "./layers/pooling/adaptive/adaptive-pooling.ts";
export { AlphaDropout } from "./layers/regularization/alpha-dropout.ts";
export { AugMix, type AugMixConfig } from "./layers/preprocessing/mixtures/aug-mix.ts";
export { AutoContrast, type AutoContrastConfig } from "./layers/preprocessing/colors/auto-contrast.ts";
export { AveragePooling1D, type AveragePooling1DConfig } from "./layers/pooling/average-pooling1d.ts";
export { AveragePooling2D, type AveragePooling2DConfig } from "./layers/pooling/average-pooling2d.ts";
export { AveragePooling3D, type AveragePooling3DConfig } from "./layers/pooling/average-pooling3d.ts";
export { BatchNormalization, type BatchNormalizationConfig } from "./layers/normalization/batch-normalization.ts";
export { CenterCrop, type CenterCropConfig } from "./layers/preprocessing/center-crop.ts";
export { Concatenate, type ConcatenateConfig } from "./layers/merging/concatenate.ts";
export {
  ContrastLimitedAdaptiveHistogramEqualization,
  type ContrastLimitedAdaptiveHistogramEqualizationConfig,
} from "./layers/preprocessing/colors/contrast-limited-adaptive-histogram-equalization.ts";
export { Conv1DTranspose, type Conv1DTransposeConfig } from "./layers/convolutional/conv1d-transpose.ts";
export { type CausalPadding, Conv1D, type Conv1DConfig } from "./layers/convolutional/conv1d.ts";
export { Conv2DTranspose, type Conv2DTransposeConfig } from "./layers/convolutional/conv2d-transpose.ts";
export { Conv3DTranspose, type Conv3DTransposeConfig } from "./layers/convolutional/conv3d-transpose.ts";
export { Conv2D, type Conv2DConfig } from "./layers/convolutional/conv2d.ts";
export { Conv3D, type Conv3DConfig } from "./layers/convolutional/conv3d.ts";
export { Cropping1D, type Cropping1DConfig } from "./layers/reshaping/cropping1d.ts";
export { Cropping2D, type Cropping2DConfig } from "./layers/reshaping/cropping2d.ts";
export { Cropping3D, type Cropping3DConfig } from "./layers/reshaping/cropping3d.ts";
export { CustomScaleLayer, type CustomScaleLayerConfig } from "./layers/merging/custom-scale-layer.ts";
export { CutMix, type CutMixConfig } from "./layers/preprocessing/mixtures/cut-mix.ts";
export { Dense, type DenseConfig } from "./layers/core/dense.ts";
export { DepthwiseConv1D, type DepthwiseConv1DConfig } from "./layers/convolutional/separable/depthwise-conv1d.ts";
export { DepthwiseConv2D, type DepthwiseConv2DConfig } from "./layers/convolutional/separable/depthwise-conv2d.ts";
export { Dot, type DotConfig } from "./layers/merging/dot.ts";
export { Dropout } from "./layers/regularization/dropout.ts";
export type { DropoutConfig } from "./layers/regularization/dropout-layer.ts";
export { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./layers/merging/elementwise-merging.ts";
export { ELU, type ELUConfig } from "./layers/activation/elu.ts";
export { Equalization, type EqualizationConfig } from "./layers/preprocessing/colors/equalization.ts";
export { Flatten, type FlattenConfig } from "./layers/reshaping/flatten.ts";
export { GaussianDropout, type GaussianDropoutConfig } from "./layers/regularization/gaussian-dropout.ts";
export { GaussianNoise, type GaussianNoiseConfig } from "./layers/regularization/gaussian-noise.ts";
export { GlobalAveragePooling1D } from "./layers/pooling/global/global-average-pooling1d.ts";
export { GlobalAveragePooling2D } from "./layers/pooling/global/global-average-pooling2d.ts";
export { GlobalAveragePooling3D } from "./layers/pooling/global/global-average-pooling3d.ts";
export { GlobalMaxPooling1D } from "./layers/pooling/global/global-max-pooling1d.ts";
export { GlobalMaxPooling2D } from "./layers/pooling/global/global-max-pooling2d.ts";
export { GlobalMaxPooling3D } from "./layers/pooling/global/global-max-pooling3d.ts";
export type { GlobalPoolingConfig } from "./layers/pooling/global/global-pooling.ts";
export { GroupNormalization, type GroupNormalizationConfig } from "./layers/normalization/group-normalization.ts";
export { Identity } from "./layers/core/identity.ts";
export { Input, type InputConfig, InputLayer, type InputLayerConfig } from "./model/input-layer.ts";
export type { KernelConfig } from "./layer/kernel-layer.ts";
export { LayerNormalization, type LayerNormalizationConfig } from "./layers/normalization/layer-normalization.ts";
export { LayerScale, type LayerScaleConfig } from "./layers/normalization/layer-scale.ts";
export { LeakyReLU, type LeakyReLUConfig } from "./layers/activation/leaky-relu.ts";
export type { Margins1D, Margins2D, Margins3D } from "./layers/reshaping/margins.ts";
export { MaxPooling1D, type MaxPooling1DConfig } from "./layers/pooling/max-pooling1d.ts";
export { MaxPooling2D, type MaxPooling2DConfig } from "./layers/pooling/max-pooling2d.ts";
export { MaxPooling3D, type MaxPooling3DConfig } from "./layers/pooling/max-pooling3d.ts";
export { MixUp, type MixUpConfig } from "./layers/preprocessing/mixtures/mix-up.ts";
export { type AdaptInput, type MeanNormalizationConfig, Normalization } from "./layers/preprocessing/normalization.ts";
export type { NormalizationConfig } from "./layers/normalization/normalization-layer.ts";
export type { DataFormat, Size2D } from "./config/options.ts";
export { Permute, type PermuteConfig } from "./layers/reshaping/permute.ts";
export { Pipeline, type PipelineConfig } from "./layers/preprocessing/pipeline.ts";
export type { PoolingConfig } from "./layers/pooling/pooling.ts";
export { PReLU, type PReLUConfig } from "./layers/activation/prelu.ts";
export { RandAugment, type RandAugmentConfig } from "./layers/preprocessing/mixtures/rand-augment.ts";
export { RandomBrightness, type RandomBrightnessConfig } from "./layers/preprocessing/colors/random-brightness.ts";
export {
  RandomColorDegeneration,
  type RandomColorDegenerationConfig,
} from "./layers/preprocessing/colors/random-color-degeneration.ts";
export { RandomColorJitter, type RandomColorJitterConfig } from "./layers/preprocessing/colors/random-color-jitter.ts";
export { RandomContrast, type RandomContrastConfig } from "./layers/preprocessing/colors/random-contrast.ts";
export { RandomCrop, type RandomCropConfig } from "./layers/preprocessing/geometry/random-crop.ts";
export {
  RandomElasticTransform,
  type RandomElasticTransformConfig,
} from "./layers/preprocessing/geometry/random-elastic-transform.ts";
export { RandomErasing, type RandomErasingConfig } from "./layers/preprocessing/mixtures/random-erasing.ts";
export { RandomFlip, type RandomFlipConfig } from "./layers/preprocessing/geometry/random-flip.ts";
export {
  RandomGaussianBlur,
  type RandomGaussianBlurConfig,
} from "./layers/preprocessing/colors/random-gaussian-blur.ts";
export { RandomGrayscale, type RandomGrayscaleConfig } from "./layers/preprocessing/colors/random-grayscale.ts";
export { RandomHue, type RandomHueConfig } from "./layers/preprocessing/colors/random-hue.ts";
export { RandomInvert, type RandomInvertConfig } from "./layers/preprocessing/colors/random-invert.ts";
export { RandomPerspective, type RandomPerspectiveConfig } from "./layers/preprocessing/geometry/random-perspective.ts";
export {
  RandomPosterization,
  type RandomPosterizationConfig,
} from "./layers/preprocessing/colors/random-posterization.ts";
export { RandomRotation, type RandomRotationConfig } from "./layers/preprocessing/geometry/random-rotation.ts";
export { RandomSaturation, type RandomSaturationConfig } from "./layers/preprocessing/colors/random-saturation.ts";
export { RandomSharpness, type RandomSharpnessConfig } from "./layers/preprocessing/colors/random-sharpness.ts";
export { RandomShear, type RandomShearConfig } from "./layers/preprocessing/geometry/random-shear.ts";
export { RandomTranslation, type RandomTranslationConfig } from "./layers/preprocessing/geometry/random-translation.ts";
export { RandomZoom, type RandomZoomConfig } from "./layers/preprocessing/geometry/random-zoom.ts";
export { ReLU, type ReLUConfig } from "./layers/activation/relu.ts";
export { RepeatVector, type RepeatVectorConfig } from "./layers/reshaping/repeat-vector.ts";
export { Rescaling, type RescalingConfig } from "./layers/preprocessing/rescaling.ts";
export { Reshape, type ReshapeConfig } from "./layers/reshaping/reshape.ts";
export { Resizing, type ResizingConfig } from "./layers/preprocessing/resizing.ts";
export { RMSNormalization, type RMSNormalizationConfig } from "./layers/normalization/rms-normalization.ts";
export { SeparableConv1D, type SeparableConv1DConfig } from "./layers/convolutional/separable/separable-conv1d.ts";
export { SeparableConv2D, type SeparableConv2DConfig } from "./layers/convolutional/separable/separable-conv2d.ts";
export { Softmax, type SoftmaxConfig } from "./layers/activation/softmax.ts";
export { Solarization, type SolarizationConfig } from "./layers/preprocessing/colors/solarization.ts";
export type { Size1D, Size3D } from "./config/spatial.ts";
export { SpatialDropout1D, type SpatialDropout1DConfig } from "./layers/regularization/spatial-dropout1d.ts";
export { SpatialDropout2D, type SpatialDropout2DConfig } from "./layers/regularization/spatial-dropout2d.ts";
export { SpatialDropout3D, type SpatialDropout3DConfig } from "./layers/regularization/spatial-dropout3d.ts";
export {
  SpectralNormalization,
  type SpectralNormalizationConfig,
} from "./layers/normalization/spectral-normalization.ts";
export { StochasticDepth, type StochasticDepthConfig } from "./layers/regularization/stochastic-depth.ts";
export { UnitNormalization, type UnitNormalizationConfig } from "./layers/normalization/unit-normalization.ts";
export { UpSampling1D, type UpSampling1DConfig } from "./layers/reshaping/up-sampling1d.ts";
export { UpSampling2D, type UpSampling2DConfig } from "./layers/reshaping/up-sampling2d.ts";
export { UpSampling3D, type UpSampling3DConfig } from "./layers/reshaping/up-sampling3d.ts";
export { ZeroPadding1D, type ZeroPadding1DConfig } from "./layers/reshaping/zero-padding1d.ts";
export { ZeroPadding2D, type ZeroPadding2DConfig } from "./layers/reshaping/zero-padding2d.ts";
export { ZeroPadding3D, type ZeroPadding3DConfig } from "./layers/reshaping/zero-padding3d.ts";
export { type OutputMeaning, isAlwaysOne, isOutputMeaning, outputMeaning } from "./meaning/output-meaning.ts";
export type { ModelLimits } from "./model/model-limits.ts";
export type { ModelConfig, SequentialConfig } from "./model/model-config.ts";
export { Model } from "./model/model.ts";
export type { RenormClipping } from "@featuremap/operations";
export { type Loadable } from "./layer/reading/registered-objects.ts";
export {
  type LoadableLayer,
  type LoadablePart,
  type RegistrationOptions,
  registerKerasSerializable,
} from "./layer/reading/register.ts";
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
} from "./parts/regularizers.ts";
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
} from "./saving/second-names.ts";
export type { ArithmeticOperation } from "./saving/arithmetic.ts";
export { type CloneOptions, cloneModel } from "./saving/clone-model.ts";
export { operationLayer } from "./saving/operation-node.ts";
export { Sequential } from "./model/sequential.ts";
export { type DeserializeOptions, checkModelLimits, deserializeModel, serializeModel } from "./saving/serialization.ts";
export type { SummaryOptions } from "./model/summary/summary.ts";
export { Weight, type WeightOptions } from "./layer/weights/weight.ts";
