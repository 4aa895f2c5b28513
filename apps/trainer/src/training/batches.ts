import { type BatchSource, RandomStream } from "@featuremap/tensor";
import type { Part } from "../data/part.ts";
import { mixes } from "../data/prepared-batches.ts";
import { makeAugmentation } from "./augmentation.ts";
import { balancedWeights } from "./class-weights.ts";
import { labelForm } from "./loss.ts";
import type { Decided } from "./train-types.ts";

/** Images of an evaluation step at most, and their pixels. */
const mostEvaluated = { images: 256, pixels: 256 * 64 * 64 };

/** How many images an evaluation step takes, which changes its speed only: what a training step takes fits in memory. */
export function evaluationBatchSize(
  batchSize: number,
  [height, width]: readonly [height: number, width: number],
): number {
  const { images, pixels } = mostEvaluated;
  return Math.min(images, Math.max(batchSize, Math.floor(pixels / (height * width))));
}

/** What is learned from, in an order of its own each epoch. */
export function trainingBatches({ data, network, learning, asked }: Omit<Decided, "device">): BatchSource {
  const seeds = new RandomStream(learning.seed);
  const { preprocessing } = network;
  const { mixup, cutmix, classWeight } = learning;
  const mixing = { mixup, cutmix, seed: seeds.fork("mixing").uint32() };
  const { labels, classNames } = data.train;
  return data.train.batches({
    batchSize: learning.batchSize,
    preprocessing,
    labels: labelForm(learning),
    workers: asked.workers,
    seed: seeds.fork("order").uint32(),
    augment: makeAugmentation(learning, preprocessing.size),
    mixing: mixes(mixing) ? mixing : undefined,
    classWeights: classWeight === "balanced" ? balancedWeights(labels, classNames.length) : undefined,
  });
}

/** What is learned from while features are kept: as it is, in its own order. */
export function plainBatches({ data, network, learning, asked }: Omit<Decided, "device">): BatchSource {
  const { labels, classNames } = data.train;
  return data.train.batches({
    batchSize: learning.batchSize,
    preprocessing: network.preprocessing,
    labels: labelForm(learning),
    workers: asked.workers,
    classWeights: learning.classWeight === "balanced" ? balancedWeights(labels, classNames.length) : undefined,
  });
}

/** What the network is judged by, in its own order. */
export function judgingBatches(
  part: Part,
  { network, learning, asked }: Pick<Decided, "network" | "learning" | "asked">,
): BatchSource {
  return part.batches({
    batchSize: evaluationBatchSize(learning.batchSize, network.preprocessing.size),
    preprocessing: network.preprocessing,
    labels: labelForm(learning),
    workers: asked.workers,
  });
}
