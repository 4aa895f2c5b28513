import type { RandomStream } from "@featuremap/tensor";
import { channelMoments, fusedBatchNormGrad } from "../../contract/batch-normalization.ts";
import { layerNorm, layerNormGrad } from "../../contract/layer-normalization.ts";
import { momentsOf as momentsOfChannels } from "../../references/batch-normalization.ts";
import type { HostTensor } from "../../references/host-tensor.ts";
import { momentsOf as momentsOfRows } from "../../references/layer-normalization.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { type Extremes, between, chance, draw, pick } from "../draw.ts";

const EPSILONS = [1e-3, 1e-2];

export const batchNormalizationChecks: readonly KernelCheck[] = [
  checkOf(channelMoments, (random) => ({ inputs: { x: drawColumns(random, "non-finite") }, attributes: {} })),
  checkOf(fusedBatchNormGrad, (random) => {
    const x = drawColumns(random, "finite");
    const [mean, variance] = momentsOfChannels(x);
    const given = { x, dy: draw(random, x.shape), mean, variance };
    const scale = chance(random, 0.7) ? { scale: draw(random, x.shape.slice(-1)) } : {};
    return { inputs: { ...given, ...scale }, attributes: { varianceEpsilon: pick(random, EPSILONS) } };
  }),
];

export const layerNormalizationChecks: readonly KernelCheck[] = [
  checkOf(layerNorm, (random) => {
    const x = drawRows(random, "non-finite");
    const vectors = { scale: draw(random, x.shape.slice(1)), offset: draw(random, x.shape.slice(1)) };
    return { inputs: { x, ...vectors }, attributes: { epsilon: pick(random, EPSILONS) } };
  }),
  checkOf(layerNormGrad, (random) => {
    const x = drawRows(random, "finite");
    const [mean, variance] = momentsOfRows(x);
    const inputs = { x, dy: draw(random, x.shape), scale: draw(random, x.shape.slice(1)), mean, variance };
    return { inputs, attributes: { epsilon: pick(random, EPSILONS) } };
  }),
];

/** `[..., channels]`, at times with enough rows for several tasks, at times far from zero. */
function drawColumns(random: RandomStream, extremes: Extremes): HostTensor {
  const channels = pick(random, [1, 2, 3, 4, 5, 8, 17, 32, 66, 129]);
  const rows = chance(random, 0.15)
    ? between(random, 2000, Math.floor(40_000 / channels) + 2000)
    : between(random, 1, 60);
  const shape = chance(random, 0.5) ? [rows, channels] : [rows, 1, 2, channels];
  return shifted(draw(random, shape, "float32", extremes), chance(random, 0.3) ? 300 : 0);
}

/** `[rows, length]`, at times with enough rows for several tasks, at times far from zero. */
function drawRows(random: RandomStream, extremes: Extremes): HostTensor {
  const length = pick(random, [1, 2, 3, 4, 5, 7, 8, 31, 64, 257, chance(random, 0.1) ? 9001 : 12]);
  const rows = chance(random, 0.15) ? between(random, 20, 600) : between(random, 1, 9);
  return shifted(draw(random, [rows, length], "float32", extremes), chance(random, 0.3) ? 100 : 0);
}

function shifted(x: HostTensor, shift: number): HostTensor {
  return { ...x, values: Float32Array.from(x.values, (value) => value + shift) };
}
