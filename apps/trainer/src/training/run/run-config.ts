import { runConfig } from "../../config/run-config.ts";
import { takesThreads } from "../../config/spare-threads.ts";
import type { TrainingData } from "../../data/training-data.ts";
import type { Options } from "../../options/option.ts";
import { trainOptions } from "../../options/commands/train.ts";
import { deviceOptions } from "../../options/shared.ts";
import type { TrainSettings } from "../train-types.ts";
import type { Network } from "../network/network-types.ts";
import type { LearningSettings } from "../settings.ts";
import { withPlaces } from "./option-places.ts";

/** All that decided a run. */
export interface RunDecisions {
  readonly data: TrainingData;
  readonly network: Network;
  readonly learning: LearningSettings;
  /** What the user said. */
  readonly asked: TrainSettings;
  readonly device: { readonly name: string; readonly threads?: number };
}

const { out: _, resume: __, dryRun: ___, ...rest }: Options = { ...trainOptions, ...deviceOptions };

/** What a run's config file holds: where a run goes says nothing of its numbers. */
export const configOptions: Options = rest;

/**
 * The text of a config file that starts the same run again, in whatever folder: what the user said, and what was decided for
 * the rest.
 */
export async function runConfigText({ data, network, learning, asked, device }: RunDecisions): Promise<string> {
  const [height, width] = network.preprocessing.size;
  const decided: Readonly<Record<string, unknown>> = {
    ...(await withPlaces(asked, configOptions)),
    ...learning,
    ...(data.kind === "dataset" && asked.model === undefined ? {} : { model: network.name }),
    imageSize: { width, height },
    device: device.name,
    threads: takesThreads(device.name) ? (asked.threads ?? device.threads) : undefined,
    name: asked.name ?? data.name,
  };
  return runConfig("train", { data: data.location }, decided, configOptions);
}
