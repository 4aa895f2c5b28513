import { openDevice } from "@featuremap/devices";
import { type DataSettings, openData } from "../data/open-data.ts";
import { clearRun, takeRunFolder } from "../run/run-folder.ts";
import { fitInto } from "../training/fit-into.ts";
import { decideNetwork } from "../training/network.ts";
import { decideLearning } from "../training/settings.ts";
import type { TrainOptions, TrainResult } from "../training/train-types.ts";

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
  const early = options.out === undefined ? undefined : await takeRunFolder({ out: options.out, name: "" });
  let folder = early;
  try {
    const data = await openData(options.data, dataSettings(options));
    const network = await decideNetwork(data, options);
    const learning = decideLearning(options, network.defaults, network);
    folder ??= await takeRunFolder({ name: options.name ?? data.name });
    await clearRun(folder);
    const { device: request, threads } = options;
    const device = await openDevice(request, threads === undefined ? {} : { threads });
    try {
      return await fitInto(folder, { data, network, learning, device, asked: options });
    } finally {
      await device.dispose();
    }
  } finally {
    await folder?.release();
  }
}

function dataSettings({
  seed = 1,
  valFraction,
  fraction,
  limit,
  dataFolder,
  signal,
  onDownload,
}: TrainOptions): DataSettings {
  return { seed, valFraction, fraction, limit, dataFolder, signal, onDownload };
}
