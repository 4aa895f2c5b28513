import { existsSync } from "node:fs";
import {
  FormatError,
  InvalidConfigError,
  NonFiniteError,
  OutOfMemoryError,
  UnavailableError,
} from "@featuremap/tensor";
import { explainDevice } from "../device/explain-device.ts";
import { type RunPaths, hasCheckpoint } from "../run/run-paths.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { shownPath } from "../terminal/shown-path.ts";
import type { LearningSettings } from "./settings.ts";

type Places = Pick<RunPaths, "path" | "best" | "backup" | "previous">;

/**
 * What to throw in place of an error that ended a training: the same, and what the user can do with what was saved before.
 *
 * A loss that is not a number comes again, to the bit, where the run goes on; so another learning rate is what helps.
 */
export function explainFailure(
  error: unknown,
  places: Places,
  { learningRate }: Pick<LearningSettings, "learningRate">,
): unknown {
  const run = shellWord(shownPath(places.path));
  if (error instanceof NonFiniteError) {
    const slower = `--learning-rate ${Number((learningRate / 10).toPrecision(3))}`;
    const best = existsSync(places.best) ? `, from the best epoch so far with --model ${run} ${slower}` : "";
    const how = `Most often the learning rate is too high: train again with ${slower} instead of ${learningRate}${best}.`;
    return new NonFiniteError(`${error.message} ${how} --resume would reach the same step again.`, { cause: error });
  }
  if (error instanceof InvalidConfigError && error.option === "fingerprint of the data") {
    return new UnavailableError(
      `${run} was trained on other pictures than those present now, or split.csv has changed`,
      "Put them back as they were, or start a new run.",
      { cause: error },
    );
  }
  const isSaved = hasCheckpoint(places);
  const options = { cause: error };
  if (error instanceof OutOfMemoryError) {
    const { message, bytesWanted, bytesInUse } = error;
    return new OutOfMemoryError(message, bytesWanted, bytesInUse, "That is --batch-size, and --image-size.", options);
  }
  if (error instanceof FormatError && error.source === "ImageFiles") {
    return new UnavailableError(error.message, "Remove these files, or put whole pictures in their place.", options);
  }
  if (!isSaved) return explainDevice(error);
  const goOn = `Then resume from the last checkpoint with: featuremap train --resume ${run}`;
  if (error instanceof UnavailableError) return new UnavailableError(error.message, goOn, options);
  return explainDevice(
    error,
    `Resume from the last checkpoint, with another --device if it happens again: featuremap train --resume ${run}`,
  );
}
