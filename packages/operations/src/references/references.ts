import { batchNormalizationReferences } from "./batch-normalization.ts";
import { activationGradientReferences, smoothActivationReferences } from "./elementwise.ts";
import { fusedConvolutionReferences } from "./fused-convolution.ts";
import { groupedConvolutionReferences } from "./grouped-convolution.ts";
import { layerNormalizationReferences } from "./layer-normalization.ts";
import { notedPoolingReferences } from "./noted-pooling.ts";
import { pooledConvolutionReferences } from "./pooled-convolution.ts";
import type { Reference } from "./reference.ts";
import { softmaxCrossentropyReferences } from "./softmax-crossentropy.ts";

/** Every kernel beyond TensorFlow.js's own with its plain computation. */
export const references: readonly Reference[] = [
  ...activationGradientReferences,
  ...batchNormalizationReferences,
  ...fusedConvolutionReferences,
  ...groupedConvolutionReferences,
  ...layerNormalizationReferences,
  ...notedPoolingReferences,
  ...pooledConvolutionReferences,
  ...smoothActivationReferences,
  ...softmaxCrossentropyReferences,
];

/** The reference of the kernel of that name. */
export function referenceOf({ name }: { readonly name: string }): Reference {
  const found = references.find(({ kernel }) => kernel.name === name);
  if (found === undefined) throw new RangeError(`There is no reference for ${name}.`);
  return found;
}
