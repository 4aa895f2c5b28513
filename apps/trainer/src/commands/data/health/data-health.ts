import { type DatasetHealth, type ImageFiles, datasetHealth } from "@featuremap/datasets";
import type { DeviceRequest } from "@featuremap/devices";
import { throwIfAborted, writeFileWhole } from "@featuremap/files";
import { InvalidConfigError } from "@featuremap/tensor";
import { healthPictures } from "../health-pictures.ts";
import { newFile } from "../../../output/new-file.ts";
import { findData } from "../../../data/open-data.ts";
import { partsOf, readSplit, splitName } from "../../../data/split-table.ts";
import type { TrainingData } from "../../../data/training-data.ts";
import { openBundle } from "../../../models/open-bundle.ts";
import type { dataHealthOptions } from "../../../options/commands/data.ts";
import type { OptionValues } from "../../../options/option.ts";
import { type FoundHealth, drawHealth, isHealthDrawing } from "./draw-health.ts";
import { type SuspectSource, findSuspects } from "./label-suspects.ts";
import type { NamedModel } from "../../../models/find-model.ts";

/** What to look at, and where to tell of it. */
export interface DataHealthOptions extends Partial<Omit<OptionValues<typeof dataHealthOptions>, "model" | "strict">> {
  /** What `train` would be given. */
  readonly data: string;
  /** Finds labels that are probably wrong. */
  readonly model?: NamedModel | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (stage: "pictures" | "answers", done: number, total: number) => void;
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What was found. */
export interface DataHealth extends FoundHealth {
  readonly location: string;
  /** Absolute paths of what was written. */
  readonly out?: string;
  readonly page?: string;
}

const owner = "data health";

interface Source {
  readonly files: ImageFiles;
  readonly split: string;
  readonly from: number;
}

/**
 * Looks at every picture of data for what makes training or its figures go wrong.
 *
 * @throws {InvalidConfigError} there are no such data, or an option is wrong.
 * @throws {UnavailableError} they or the model cannot be read, the model knows other classes, or a file is there already.
 * @throws {AbortedError} the signal was raised; then nothing is written.
 */
export async function dataHealth(options: DataHealthOptions): Promise<DataHealth> {
  const { dataFolder, workers, signal, onProgress, onDownload, force = false } = options;
  const [out, page] = await Promise.all([
    options.out === undefined ? undefined : newFile(owner, "--out", options.out, force),
    options.page === undefined ? undefined : newFile(owner, "--page", options.page, force),
  ]);
  if (page !== undefined && !isHealthDrawing(page)) {
    throw new InvalidConfigError(owner, "--page", "a file whose name ends in .html, .svg or .png", options.page);
  }
  const found = await findData(options.data, { owner, dataFolder, signal, onDownload });
  const parts = partsOf(found);
  const total = parts.reduce((sum, [{ size }]) => sum + size, 0);
  let from = 0;
  const sources = parts.map(([{ files, size }, name]): Source => {
    from += size;
    return { files, split: parts.length === 1 ? "all" : name, from: from - size };
  });
  const foreign = sources.flatMap(({ files }) => files.skipped);
  const findings = await datasetHealth(
    Object.fromEntries(sources.map(({ files, split }) => [split, healthPictures(files, { workers, signal })])),
    {
      classNames: found.classNames,
      onProgress: ({ pictures }) => onProgress?.("pictures", pictures, total),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const suspected = await suspect(found, sources, findings, options);
  throwIfAborted(owner, signal);
  const health: DataHealth = {
    data: found.name,
    location: found.location,
    classNames: found.classNames,
    ...findings,
    ...suspected,
    foreign,
    ...(out === undefined ? {} : { out }),
    ...(page === undefined ? {} : { page }),
  };
  if (page !== undefined) {
    const drawn = await drawHealth(health, { file: page, parts, sources, workers, signal });
    throwIfAborted(owner, signal);
    await writeFileWhole(page, drawn);
  }
  if (out !== undefined) {
    const { out: _, page: __, ...written } = health;
    await writeFileWhole(out, `${JSON.stringify(written, undefined, 2)}\n`);
  }
  return health;
}

async function suspect(
  found: TrainingData,
  sources: readonly Source[],
  { unreadable }: DatasetHealth,
  { model: named, device, threads, workers, signal, onProgress }: DataHealthOptions,
): Promise<Pick<DataHealth, "labelSuspects" | "model" | "classNames"> | undefined> {
  if (named === undefined) return undefined;
  const split = named.run === undefined ? undefined : await readSplit(named.run.split);
  const damaged = new Set(unreadable.map(({ index }) => index));
  const asked = sources.map(({ files, from, split: name }): SuspectSource => {
    const places = files.filePaths.flatMap((path, place) => {
      const isTrained = split?.get(splitName(found, path)) === "train";
      return isTrained || damaged.has(from + place) ? [] : [place];
    });
    return { files, from, split: name, places };
  });
  const { bundle, close } = await openBundle(named.bundle, { ...(device === undefined ? {} : { device }), threads });
  try {
    const suspects = await findSuspects(owner, asked, bundle, {
      workers,
      signal,
      onProgress: (done, total) => onProgress?.("answers", done, total),
    });
    const others = suspects.classNames.filter((name) => !found.classNames.includes(name));
    const classNames = [...found.classNames, ...others];
    return {
      classNames,
      labelSuspects: suspects.found.map((each) => ({
        ...each,
        suggested: classNames.indexOf(suspects.classNames[each.suggested] ?? ""),
      })),
      model: { bundle: named.bundle, asked: suspects.asked, isKnownApart: split !== undefined },
    };
  } finally {
    await close();
  }
}
