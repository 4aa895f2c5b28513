import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseOutAmongClasses } from "../../data/runs-in-data.ts";
import { readSplit } from "../../data/split-table.ts";
import { checkResumed } from "../../training/run/resumed-run.ts";
import { type RunFolder, takeRunAgain, takeRunFolder } from "../../run/run-folder.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { decideTraining, onDevice } from "../../training/decide-training.ts";
import { withFound } from "../../training/find-settings.ts";
import { fitInto } from "../../training/fit-into.ts";
import type { TrainOptions, TrainResult } from "../../training/train-types.ts";

/**
 * Trains a network on a folder, a file or a data set, judges it after every epoch, and saves it with all that tells how it
 * came about.
 *
 * The folder is this training's alone until it ends; what was made for it goes again if nothing comes of it.
 *
 * @throws {InvalidConfigError} the data, the network or an option's value are unknown, or do not fit each other.
 * @throws {UnavailableError} the images, the device or the folder are not there or cannot be used, or another training has
 * the folder.
 * @throws {NonFiniteError} the loss is no longer a number; the message names the step.
 * @throws {AbortedError} the signal was aborted before the first step, so there is nothing to keep.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  if (options.resume === undefined) await refuseOutAmongClasses("train", options.data, options.out);
  if (options.dryRun !== true || options.resume !== undefined) return trainInRun(options);
  const out = await mkdtemp(join(tmpdir(), "featuremap-dry-run-"));
  try {
    return await trainInRun({ ...options, out });
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function trainInRun(options: TrainOptions): Promise<TrainResult> {
  const { resume } = options;
  let folder = await knownFolder(options);
  try {
    if (resume !== undefined && folder !== undefined) await checkResumed(folder, options);
    const split = resume === undefined || folder === undefined ? undefined : await readSplit(folder.split);
    const decided = await decideTraining(options, split);
    folder ??= await takeRunFolder({ name: options.name ?? decided.data.name });
    if (resume === undefined) await begin(folder, options);
    const into = folder;
    return await onDevice(decided, async (ready) => fitInto(into, { ...ready, learning: await withFound(ready) }));
  } finally {
    await folder?.release();
  }
}

async function begin(folder: RunFolder, { onNote }: TrainOptions): Promise<void> {
  const older = await folder.begin();
  if (older !== undefined) onNote?.(`The run that was in ${shownPath(folder.path)} is now ${shownPath(older)}`);
}

/** The run's folder where it does not depend on the data: that it can be written is known before they are read. */
async function knownFolder({ resume, out }: TrainOptions): Promise<RunFolder | undefined> {
  if (resume !== undefined) return takeRunAgain(resume);
  return out === undefined ? undefined : takeRunFolder({ out, name: "" });
}
