import type { Application } from "./application.ts";
import { ConvNeXtBase, ConvNeXtLarge, ConvNeXtSmall, ConvNeXtTiny, ConvNeXtXLarge } from "./backbones/conv-next.ts";
import { DenseNet121, DenseNet169, DenseNet201 } from "./backbones/dense-net.ts";
import {
  EfficientNetV2B0,
  EfficientNetV2B1,
  EfficientNetV2B2,
  EfficientNetV2B3,
  EfficientNetV2L,
  EfficientNetV2M,
  EfficientNetV2S,
} from "./backbones/efficient-net-v2.ts";
import {
  EfficientNetB0,
  EfficientNetB1,
  EfficientNetB2,
  EfficientNetB3,
  EfficientNetB4,
  EfficientNetB5,
  EfficientNetB6,
  EfficientNetB7,
} from "./backbones/efficient-net.ts";
import { InceptionResNetV2 } from "./backbones/inception-res-net-v2.ts";
import { InceptionV3 } from "./backbones/inception-v3.ts";
import { MobileNetV2 } from "./backbones/mobile-net-v2.ts";
import { MobileNetV3Large, MobileNetV3Small } from "./backbones/mobile-net-v3.ts";
import { MobileNet } from "./backbones/mobile-net.ts";
import { NASNetLarge, NASNetMobile } from "./backbones/nas-net.ts";
import { ResNet18, ResNet34 } from "./backbones/res-net-torch.ts";
import { ResNet101, ResNet101V2, ResNet152, ResNet152V2, ResNet50, ResNet50V2 } from "./backbones/res-net.ts";
import { VGG16, VGG19 } from "./backbones/vgg.ts";
import { Xception } from "./backbones/xception.ts";
import { backboneApplication } from "./construction/backbone-application.ts";
import type { Backbone } from "./construction/backbone.ts";

const forPhones = "depthwise convolutions: for phones and pages";
const residual = "residual network";
const residualV2 = "residual network, activated first";
const dense = "every block sees what all before it gave";
const scaled = "scaled in width, depth and size alike: accurate for its work";
const scaledV2 = "EfficientNet that trains faster";
const modern = "a residual network by the rules of transformers";

/** Each with what it is, in a line. */
const backbones: Readonly<Record<string, readonly [Backbone, string]>> = {
  mobilenet: [MobileNet, forPhones],
  "mobilenet-v2": [MobileNetV2, forPhones],
  "mobilenet-v3-small": [MobileNetV3Small, forPhones],
  "mobilenet-v3-large": [MobileNetV3Large, forPhones],
  "efficientnet-b0": [EfficientNetB0, scaled],
  "efficientnet-b1": [EfficientNetB1, scaled],
  "efficientnet-b2": [EfficientNetB2, scaled],
  "efficientnet-b3": [EfficientNetB3, scaled],
  "efficientnet-b4": [EfficientNetB4, scaled],
  "efficientnet-b5": [EfficientNetB5, scaled],
  "efficientnet-b6": [EfficientNetB6, scaled],
  "efficientnet-b7": [EfficientNetB7, scaled],
  "efficientnet-v2-b0": [EfficientNetV2B0, scaledV2],
  "efficientnet-v2-b1": [EfficientNetV2B1, scaledV2],
  "efficientnet-v2-b2": [EfficientNetV2B2, scaledV2],
  "efficientnet-v2-b3": [EfficientNetV2B3, scaledV2],
  "efficientnet-v2-s": [EfficientNetV2S, scaledV2],
  "efficientnet-v2-m": [EfficientNetV2M, scaledV2],
  "efficientnet-v2-l": [EfficientNetV2L, scaledV2],
  resnet18: [ResNet18, residual],
  resnet34: [ResNet34, residual],
  resnet50: [ResNet50, residual],
  resnet101: [ResNet101, residual],
  resnet152: [ResNet152, residual],
  "resnet50-v2": [ResNet50V2, residualV2],
  "resnet101-v2": [ResNet101V2, residualV2],
  "resnet152-v2": [ResNet152V2, residualV2],
  densenet121: [DenseNet121, dense],
  densenet169: [DenseNet169, dense],
  densenet201: [DenseNet201, dense],
  "convnext-tiny": [ConvNeXtTiny, modern],
  "convnext-small": [ConvNeXtSmall, modern],
  "convnext-base": [ConvNeXtBase, modern],
  "convnext-large": [ConvNeXtLarge, modern],
  "convnext-xlarge": [ConvNeXtXLarge, modern],
  xception: [Xception, "separable convolutions between shortcuts"],
  "inception-v3": [InceptionV3, "convolutions of several sizes side by side"],
  "inception-resnet-v2": [InceptionResNetV2, "Inception with shortcuts"],
  "nasnet-mobile": [NASNetMobile, "cells that were searched for, small"],
  "nasnet-large": [NASNetLarge, "cells that were searched for, large"],
  vgg16: [VGG16, "plain convolutions: large and slow"],
  vgg19: [VGG19, "plain convolutions: larger and slower"],
};

const made = new Map<string, Application>();

/** Names of all backbones, small ones of a family first. */
export const backboneNames: readonly string[] = /* @__PURE__ */ Object.keys(backbones);

/** The backbone of that name, if there is one. */
export function backboneNamed(name: string): Application | undefined {
  const found = Object.hasOwn(backbones, name) ? backbones[name] : undefined;
  if (found === undefined) return undefined;
  const application = made.get(name) ?? backboneApplication(name, ...found);
  made.set(name, application);
  return application;
}
