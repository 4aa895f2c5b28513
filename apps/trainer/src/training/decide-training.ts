import { openDevice } from "@featuremap/devices";
import { alikeClasses } from "../data/alike-classes.ts";
import { type DataSettings, openData } from "../data/open-data.ts";
import { hasCheckpoint, runPaths } from "../run/run-paths.ts";
import { decideNetwork } from "./network/network.ts";
import { decideLearning } from "./settings.ts";
import type { Decided, TrainOptions } from "./train-types.ts";

/** All that a training is made of but what computes. */
export type Planned = Omit<Decided, "device">;

/**
 * Opens the data, and decides the network and how it learns.
 *
 * @param split which picture is of which part, where that was decided before
 * @throws {InvalidConfigError} the data, the network or an option's value are unknown, or do not fit each other.
 * @throws {UnavailableError} the data cannot be used.
 */
export async function decideTraining(asked: TrainOptions, split?: DataSettings["split"]): Promise<Planned> {
  const { owner = "train", seed = 1, valFraction, fraction, limit, dataFolder, signal, onDownload } = asked;
  const data = await openData(asked.data, {
    owner,
    seed,
    valFraction,
    fraction,
    limit,
    dataFolder,
    signal,
    onDownload,
    split,
  });
  for (const { path, reason } of data.passedOver ?? []) asked.onNote?.(`Passing over ${path}: ${reason}`);
  for (const names of alikeClasses(data.classNames)) {
    const listed = names.map((name) => JSON.stringify(name)).join(", ");
    asked.onNote?.(`Classes of almost the same name count as ${names.length}: ${listed}`);
  }
  const isBegun = asked.resume !== undefined && hasCheckpoint(runPaths(asked.resume));
  const network = await decideNetwork(owner, data, { ...asked, isBegun });
  return { data, network, learning: decideLearning(owner, asked, network.defaults, network), asked };
}

/**
 * Does work on the device that was asked for, and gives that free.
 *
 * @throws {UnavailableError} it is not there.
 */
export async function onDevice<Result>(decided: Planned, work: (decided: Decided) => Promise<Result>): Promise<Result> {
  const { device: request, threads } = decided.asked;
  const device = await openDevice(request, threads === undefined ? {} : { threads });
  try {
    return await work({ ...decided, device });
  } finally {
    await device.dispose();
  }
}
