import { Conv2D, GlobalAveragePooling2D, Multiply, Reshape, type SymbolicTensor } from "@featuremap/layers";
import type { Connect } from "./connect.ts";
import { convolutionKernel } from "./initializers.ts";

/**
 * Weighs each channel by what its mean and those of all others say, as EfficientNet has it.
 *
 * @param reduced channels between
 * @param prefix of the names
 * Source: Hu et al., CVPR 2018.
 */
export function squeezeAndExcite(connect: Connect, x: SymbolicTensor, reduced: number, prefix: string): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0;
  const pointwise = (filters: number, activation: "swish" | "sigmoid", name: string): Conv2D =>
    new Conv2D({
      filters,
      kernelSize: 1,
      padding: "same",
      activation,
      kernelInitializer: convolutionKernel(),
      name: `${prefix}${name}`,
    });
  let means = connect(new GlobalAveragePooling2D({ name: `${prefix}se_squeeze` }), x);
  means = connect(new Reshape({ targetShape: [1, 1, channels], name: `${prefix}se_reshape` }), means);
  means = connect(pointwise(reduced, "swish", "se_reduce"), means);
  means = connect(pointwise(channels, "sigmoid", "se_expand"), means);
  return connect(new Multiply({ name: `${prefix}se_excite` }), [x, means]);
}
