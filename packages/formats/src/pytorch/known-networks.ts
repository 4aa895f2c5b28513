import { timmEfficientNet } from "./efficient-net-names.ts";

/** The module of a layer by its name; undefined if the network has no such layer. */
type Naming = (layer: string) => string | undefined;

function from(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** Where blocks count from `a`. */
function placeOf(letter: string): number {
  return letter.charCodeAt(0) - 97;
}

/** torchvision's and timm's DenseNet, which differ from Keras's in epsilon alone. */
const denseNet: Naming = (layer) => {
  const ends = { conv1_conv: "conv0", conv1_bn: "norm0", bn: "norm5" };
  if (layer === "predictions") return "classifier";
  if (Object.hasOwn(ends, layer)) return `features.${from(ends, layer) ?? ""}`;
  const [, transition = "", kind = ""] = /^pool([2-4])_(bn|conv)$/.exec(layer) ?? [];
  if (kind !== "") return `features.transition${Number(transition) - 1}.${kind === "bn" ? "norm" : "conv"}`;
  const [, stage = "", block = "", part = ""] = /^conv([2-5])_block(\d+)_(\w+)$/.exec(layer) ?? [];
  const module = from({ "0_bn": "norm1", "1_conv": "conv1", "1_bn": "norm2", "2_conv": "conv2" }, part);
  return module === undefined ? undefined : `features.denseblock${Number(stage) - 1}.denselayer${block}.${module}`;
};

/** timm's EfficientNetV2: the first three stages have full convolutions for a pointwise and a depthwise one. */
const efficientNetV2: Naming = (layer) => {
  const [, stage = "", block = "", part = ""] = /^block(\d)([a-z])_(\w+)$/.exec(layer) ?? [];
  if (stage === "" || Number(stage) > 3) return timmEfficientNet(layer.replace(/dwconv2$/, "dwconv"));
  const first = { project_conv: "conv", project_bn: "bn1" };
  const later = { expand_conv: "conv_exp", expand_bn: "bn1", project_conv: "conv_pwl", project_bn: "bn2" };
  const module = from(stage === "1" ? first : later, part);
  return module === undefined ? undefined : `blocks.${Number(stage) - 1}.${placeOf(block)}.${module}`;
};

/** timm's MobileNetV3, whose stages have so many blocks. */
function mobileNetV3(blocks: readonly number[]): Naming {
  const last = `blocks.${blocks.length}.0`;
  const ends = {
    conv: "conv_stem",
    conv_bn: "bn1",
    conv_1: `${last}.conv`,
    conv_1_bn: `${last}.bn1`,
    conv_2: "conv_head",
    logits: "classifier",
  };
  const squeeze = { squeeze_excite_conv: "se.conv_reduce", squeeze_excite_conv_1: "se.conv_expand" };
  const first = { depthwise: "conv_dw", depthwise_bn: "bn1", project: "conv_pw", project_bn: "bn2", ...squeeze };
  const later = {
    expand: "conv_pw",
    expand_bn: "bn1",
    depthwise: "conv_dw",
    depthwise_bn: "bn2",
    project: "conv_pwl",
    project_bn: "bn3",
    ...squeeze,
  };
  return (layer) => {
    if (Object.hasOwn(ends, layer)) return from(ends, layer);
    const [, index = "0", part = ""] = /^expanded_conv_(?:(\d+)_)?([a-z]\w*)$/.exec(layer) ?? [];
    const module = from(index === "0" ? first : later, part);
    const place = stageAndBlock(Number(index), blocks);
    return module === undefined || place === undefined ? undefined : `blocks.${place}.${module}`;
  };
}

/** The place of a block that is counted through all stages. */
function stageAndBlock(index: number, blocks: readonly number[]): string | undefined {
  let block = index;
  for (const [stage, count] of blocks.entries()) {
    if (block < count) return `${stage}.${block}`;
    block -= count;
  }
  return undefined;
}

/** timm's ConvNeXt. */
const convNeXt: Naming = (layer) => {
  if (layer === "layer_normalization") return "head.norm";
  const [, stage = "", block = "", part = ""] = /_stage_(\d)_block_(\d+)_(\w+)$/.exec(layer) ?? [];
  if (part === "layer_scale") return `stages.${stage}.blocks.${block}`;
  const parts = {
    depthwise_conv: "conv_dw",
    layernorm: "norm",
    pointwise_conv_1: "mlp.fc1",
    pointwise_conv_2: "mlp.fc2",
  };
  const module = from(parts, part);
  if (module !== undefined) return `stages.${stage}.blocks.${block}.${module}`;
  const [, step = "", between = ""] = /_downsampling_(layernorm|conv)_(\d)$/.exec(layer) ?? [];
  if (step !== "") return `stages.${Number(between) + 1}.downsample.${step === "conv" ? 1 : 0}`;
  const ends = { stem_conv: "stem.0", stem_layernorm: "stem.1", head_layernorm: "head.norm", head_dense: "head.fc" };
  return from(ends, /_((?:stem|head)_(?:conv|layernorm|dense))$/.exec(layer)?.[1] ?? "");
};

/** A network that is the same here and in PyTorch, under other names. */
export interface KnownNetwork {
  readonly moduleOf: Naming;
  /**
   * Whether timm has it twice under the same names of tensors: as `tf_...`, which pads as TensorFlow does, and
   * without `tf_`, with PyTorch's padding and epsilon, which predicts something else.
   */
  readonly isTwofold: boolean;
}

export const knownNetworks: readonly KnownNetwork[] = [
  { moduleOf: timmEfficientNet, isTwofold: true },
  { moduleOf: efficientNetV2, isTwofold: true },
  { moduleOf: denseNet, isTwofold: false },
  { moduleOf: convNeXt, isTwofold: false },
  { moduleOf: mobileNetV3([1, 2, 3, 4, 2, 3]), isTwofold: true },
  { moduleOf: mobileNetV3([1, 2, 3, 2, 3]), isTwofold: true },
];
