import { Conv2D, Input, LayerScale, Sequential } from "@featuremap/layers";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "../safetensors/index.ts";
import { encodePyTorch, loadPyTorch } from "./index.ts";

/** Modules of timm 1.0 and torchvision 0.29, by Keras's layers. */
const networks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EfficientNet: {
    stem_conv: "conv_stem",
    block1a_project_conv: "blocks.0.0.conv_pw",
    block2b_expand_conv: "blocks.1.1.conv_pw",
    block7a_project_bn: "blocks.6.0.bn3",
    predictions: "classifier",
  },
  EfficientNetV2: {
    stem_bn: "bn1",
    block1a_project_conv: "blocks.0.0.conv",
    block1a_project_bn: "blocks.0.0.bn1",
    block2b_expand_conv: "blocks.1.1.conv_exp",
    block3a_project_bn: "blocks.2.0.bn2",
    block4a_dwconv2: "blocks.3.0.conv_dw",
    block4a_bn: "blocks.3.0.bn2",
    block6h_se_reduce: "blocks.5.7.se.conv_reduce",
    top_conv: "conv_head",
  },
  DenseNet: {
    conv1_conv: "features.conv0",
    conv1_bn: "features.norm0",
    conv2_block1_0_bn: "features.denseblock1.denselayer1.norm1",
    conv5_block16_1_conv: "features.denseblock4.denselayer16.conv1",
    conv3_block12_1_bn: "features.denseblock2.denselayer12.norm2",
    conv3_block12_2_conv: "features.denseblock2.denselayer12.conv2",
    pool4_bn: "features.transition3.norm",
    pool2_conv: "features.transition1.conv",
    bn: "features.norm5",
    predictions: "classifier",
  },
  "MobileNetV3, large": {
    conv: "conv_stem",
    conv_bn: "bn1",
    expanded_conv_project: "blocks.0.0.conv_pw",
    expanded_conv_2_expand_bn: "blocks.1.1.bn1",
    expanded_conv_5_squeeze_excite_conv_1: "blocks.2.2.se.conv_expand",
    expanded_conv_14_project: "blocks.5.2.conv_pwl",
    conv_1: "blocks.6.0.conv",
    conv_2: "conv_head",
    logits: "classifier",
  },
  "MobileNetV3, small": {
    expanded_conv_squeeze_excite_conv: "blocks.0.0.se.conv_reduce",
    expanded_conv_3_depthwise: "blocks.2.0.conv_dw",
    expanded_conv_10_project_bn: "blocks.4.2.bn3",
    conv_1_bn: "blocks.5.0.bn1",
  },
  ConvNeXt: {
    convnext_tiny_stem_conv: "stem.0",
    convnext_tiny_stem_layernorm: "stem.1",
    convnext_tiny_stage_0_block_0_depthwise_conv: "stages.0.blocks.0.conv_dw",
    convnext_tiny_stage_0_block_0_layernorm: "stages.0.blocks.0.norm",
    convnext_tiny_stage_2_block_8_pointwise_conv_1: "stages.2.blocks.8.mlp.fc1",
    convnext_tiny_stage_2_block_8_layer_scale: "stages.2.blocks.8",
    convnext_tiny_downsampling_layernorm_0: "stages.1.downsample.0",
    convnext_tiny_downsampling_conv_2: "stages.3.downsample.1",
    convnext_tiny_head_layernorm: "head.norm",
    convnext_tiny_head_dense: "head.fc",
  },
  "ConvNeXt without its top": { mine_stem_conv: "stem.0", layer_normalization: "head.norm" },
};

/** A model whose layers have these names: what else they are has no part in their modules. */
function named(names: readonly string[], seed: number): Sequential {
  const layers = names.map((name) =>
    name.endsWith("layer_scale")
      ? new LayerScale({ initValues: seed, projectionDim: 1, name })
      : new Conv2D({ filters: 1, kernelSize: 1, name }),
  );
  return new Sequential([Input({ shape: [1, 1, 1] }), ...layers], { seed });
}

describe("known networks", () => {
  test.for(Object.entries(networks))("%s has PyTorch's names", async ([name, names]) => {
    const layers = Object.keys(names);
    const theirs = named(layers, 1);
    const ours = named(layers, 2);
    const { notes } = await loadPyTorch(ours, await encodePyTorch(theirs, { names }));
    const twofold = notes.filter((note) => note.startsWith("timm has this network twice"));
    expect(notes).toEqual(twofold);
    expect(twofold).toHaveLength(/EfficientNet|MobileNet/.test(name) ? 1 : 0);
    expect(await ours.getWeights()).toEqual(await theirs.getWeights());
    for (const model of [theirs, ours]) model.dispose();
  });

  test("of two networks with the same names, the one that pads otherwise is refused", async () => {
    const names = networks["MobileNetV3, small"] ?? {};
    const model = named(Object.keys(names), 1);
    const before = await model.getWeights();
    const file = await encodePyTorch(named(Object.keys(names), 2), { names });
    const { mean, std } = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    const config = { pretrained_cfg: { input_size: [3, 9, 9], mean, std, crop_pct: 1 } };
    const other = { ...config, architecture: "mobilenetv3_small_050" };
    await expect(loadPyTorch(model, file, { config: other })).rejects.toThrow("that begin with tf_");
    expect(await model.getWeights()).toEqual(before);
    const { notes } = await loadPyTorch(model, file, {
      config: { ...config, architecture: "tf_mobilenetv3_small_075" },
    });
    expect(notes).toEqual([]);
    model.dispose();
  });

  test("a scale of a block is the block's own parameter", async () => {
    const model = named(["a_layer_scale"], 1);
    const file = decodeSafetensors(await encodePyTorch(model, { names: { a_layer_scale: "blocks.0" } }), "file");
    expect([...file.keys()]).toEqual(["blocks.0.gamma"]);
    model.dispose();
  });
});
