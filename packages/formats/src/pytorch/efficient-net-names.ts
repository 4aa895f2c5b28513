const ends: Readonly<Record<string, string>> = {
  stem_conv: "conv_stem",
  stem_bn: "bn1",
  top_conv: "conv_head",
  top_bn: "bn2",
  predictions: "classifier",
};

const widened: Readonly<Record<string, string>> = {
  expand_conv: "conv_pw",
  expand_bn: "bn1",
  dwconv: "conv_dw",
  bn: "bn2",
  se_reduce: "se.conv_reduce",
  se_expand: "se.conv_expand",
  project_conv: "conv_pwl",
  project_bn: "bn3",
};

/** Blocks of the first stage do not widen. */
const plain: Readonly<Record<string, string>> = {
  dwconv: "conv_dw",
  bn: "bn1",
  se_reduce: "se.conv_reduce",
  se_expand: "se.conv_expand",
  project_conv: "conv_pw",
  project_bn: "bn2",
};

/**
 * timm's module for a layer of Keras's EfficientNet, as `names`: `block2a_expand_conv` is `blocks.1.0.conv_pw`. Those that timm calls `tf_` have
 * Keras's padding and epsilon.
 */
export function timmEfficientNet(path: string): string | undefined {
  const layer = path.slice(path.lastIndexOf("/") + 1);
  if (Object.hasOwn(ends, layer)) return ends[layer];
  const [, stage = "", block = "", part = ""] = /^block(\d)([a-z])_(\w+)$/.exec(layer) ?? [];
  const parts = stage === "1" ? plain : widened;
  if (!Object.hasOwn(parts, part)) return undefined;
  return `blocks.${Number(stage) - 1}.${block.charCodeAt(0) - 97}.${parts[part]}`;
}
