import type { BatchSource } from "@featuremap/tensor";
import { type FitOptions, type History, type Trainer, fitOnFeatures } from "@featuremap/training";
import { plainBatches } from "./batches.ts";
import { endOfBase } from "./network/network-head.ts";
import type { Decided } from "./train-types.ts";

/** How a training goes, and where what memory cannot take may lie meanwhile. */
interface Fitting extends Omit<FitOptions, "validationSplit"> {
  readonly folder: string;
}

/** Share of the free memory that features may take. */
const usualShare = 1 / 4;

/** Trains as it was decided: while the last layer learns alone, on what the others make of the pictures, where that is kept. */
export async function fitDecided(
  trainer: Trainer,
  batches: BatchSource,
  decided: Decided,
  { folder, ...fitting }: Fitting,
): Promise<History> {
  const { learning, asked } = decided;
  // A dry run takes two steps, and not all pictures.
  if (learning.frozenFeatures !== "keep" || asked.dryRun === true) return trainer.fit(batches, fitting);
  const base = endOfBase(trainer.model);
  if (base === undefined) {
    asked.onNote?.("The network cannot be parted before its last layer: all layers are computed in every epoch");
    return trainer.fit(batches, fitting);
  }
  const { featureMemory, onNote, onFeatures } = asked;
  const bytes = featureMemory === undefined ? usualShare * process.availableMemory() : featureMemory * 1e9;
  return fitOnFeatures(trainer, batches, {
    ...fitting,
    base,
    frozenUntil: learning.freezeEpochs,
    pictures: plainBatches(decided),
    cacheBytes: Math.floor(bytes),
    cacheFolder: folder,
    ...(onNote === undefined ? {} : { onNote }),
    ...(onFeatures === undefined ? {} : { onFeatures }),
  });
}
