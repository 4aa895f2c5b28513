import type { Layer } from "../../layer/layer.ts";
import { convolutionAndMaxPooling } from "./convolution-and-max-pooling.ts";
import type { FusedCall, FusionRule } from "./fusion-rule.ts";

/** Every pair of layers that may be one call, the first rule that applies before the others. */
const fusionRules: readonly FusionRule[] = [convolutionAndMaxPooling];

/** How to compute two layers, the second straight after the first, in one call, if any rule applies. */
export function fuse(first: Layer, second: Layer): FusedCall | undefined {
  for (const rule of fusionRules) {
    const fused = rule(first, second);
    if (fused !== undefined) return fused;
  }
  return undefined;
}
