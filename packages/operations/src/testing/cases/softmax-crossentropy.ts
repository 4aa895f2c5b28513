import type { RandomStream } from "@featuremap/tensor";
import {
  softmaxCrossentropyWithSlope,
  sparseSoftmaxCrossentropyWithSlope,
} from "../../contract/softmax-crossentropy.ts";
import type { HostTensor } from "../../references/host-tensor.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { chance, draw, pick, shapeOfRank } from "../draw.ts";

export const softmaxCrossentropyChecks: readonly KernelCheck[] = [
  checkOf(softmaxCrossentropyWithSlope, (random) => {
    const logits = drawLogits(random);
    const target = draw(random, logits.shape);
    if (chance(random, 0.5)) for (const index of target.values.keys()) target.values[index] = random.integer(2);
    return { inputs: { target, logits }, attributes: {} };
  }),
  checkOf(sparseSoftmaxCrossentropyWithSlope, (random) => {
    const logits = drawLogits(random);
    const labels = draw(random, logits.shape.slice(0, -1), "int32");
    // Now and then a label that names no class.
    const classes = (logits.shape.at(-1) ?? 1) + (chance(random, 0.2) ? 1 : 0);
    for (const index of labels.values.keys()) labels.values[index] = random.integer(classes);
    return { inputs: { labels, logits }, attributes: {} };
  }),
];

function drawLogits(random: RandomStream): HostTensor {
  const shape = shapeOfRank(random, pick(random, [1, 2, 2, 3])).map((length) => Math.max(1, length));
  const logits = draw(random, shape, "float32", "non-finite");
  const scale = pick(random, [1, 10, 100]);
  for (const [index, value] of logits.values.entries()) logits.values[index] = value * scale;
  return logits;
}
