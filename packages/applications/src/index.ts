export type {
  Application,
  ApplicationLoss,
  AugmentLevel,
  BuildOptions,
  Outputs,
  RateSchedule,
  TrainingDefaults,
} from "./application.ts";
export type { InputShape } from "./input-shape.ts";
export { augmentation } from "./augmentation.ts";
export { type NetworkChoice, type Pictures, chooseNetwork } from "./choose-network.ts";
export { type ApplicationName, applicationNames, applications, findApplication } from "./find-application.ts";
export { mobile } from "./networks/mobile.ts";
export { n1 } from "./networks/n1.ts";
export { n2 } from "./networks/n2.ts";
export { n3 } from "./networks/n3.ts";
export { n4 } from "./networks/n4.ts";
export { n5 } from "./networks/n5.ts";
export { n6 } from "./networks/n6.ts";
export { resnet } from "./networks/resnet.ts";
export { small } from "./networks/small.ts";
export { preprocessingFor } from "./preprocessing-for.ts";
export { type DecodedPrediction, decodePredictions } from "./published/decode-predictions.ts";
export { type ImagenetClass, imagenetClasses } from "./published/imagenet-classes.ts";
export type { PublishedOptions } from "./published/published-options.ts";
export type { Backbone, BackboneOptions, WeightsOptions } from "./construction/backbone.ts";
export {
  ConvNeXtBase,
  ConvNeXtLarge,
  type ConvNeXtOptions,
  ConvNeXtSmall,
  ConvNeXtTiny,
  ConvNeXtXLarge,
} from "./backbones/conv-next.ts";
export { DenseNet121, DenseNet169, DenseNet201 } from "./backbones/dense-net.ts";
export {
  EfficientNetB0,
  EfficientNetB1,
  EfficientNetB2,
  EfficientNetB3,
  EfficientNetB4,
  EfficientNetB5,
  EfficientNetB6,
  EfficientNetB7,
} from "./backbones/efficient-net.ts";
export {
  EfficientNetV2B0,
  EfficientNetV2B1,
  EfficientNetV2B2,
  EfficientNetV2B3,
  EfficientNetV2L,
  EfficientNetV2M,
  type EfficientNetV2Options,
  EfficientNetV2S,
} from "./backbones/efficient-net-v2.ts";
export { InceptionResNetV2 } from "./backbones/inception-res-net-v2.ts";
export { InceptionV3 } from "./backbones/inception-v3.ts";
export { MobileNet, type MobileNetOptions } from "./backbones/mobile-net.ts";
export { MobileNetV2, type MobileNetV2Options } from "./backbones/mobile-net-v2.ts";
export { MobileNetV3Large, type MobileNetV3Options, MobileNetV3Small } from "./backbones/mobile-net-v3.ts";
export { NASNetLarge, NASNetMobile } from "./backbones/nas-net.ts";
export { ResNet101, ResNet101V2, ResNet152, ResNet152V2, ResNet50, ResNet50V2 } from "./backbones/res-net.ts";
export { ResNet18, ResNet34 } from "./backbones/res-net-torch.ts";
export { VGG16, VGG19 } from "./backbones/vgg.ts";
export { Xception } from "./backbones/xception.ts";
