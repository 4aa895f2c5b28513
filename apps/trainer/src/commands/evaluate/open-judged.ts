import type { ImageFiles } from "@featuremap/datasets";
import { UnavailableError } from "@featuremap/tensor";
import { findData } from "../../data/open-data.ts";
import { ArraysPart, type Part } from "../../data/part.ts";
import type { PartName, TrainingData } from "../../data/training-data.ts";
import type { RunPaths } from "../../run/run-paths.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { joinFiles, limitFiles } from "./judged-files.ts";
import { matchClasses } from "./match-classes.ts";
import { openRunPart } from "./run-part.ts";

/** Which pictures a model is judged by. */
export interface JudgedBy {
  /** A folder, a file, or the name of a data set; without it those that the run kept aside. */
  readonly data?: string | undefined;
  /** Default: test, or validation where there is no test part, or all pictures where there are no parts. */
  readonly part?: PartName | "all" | undefined;
  /** So many of them. */
  readonly limit?: number | undefined;
  /** Where a data set with a name lies. */
  readonly dataFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDownload?: ((loaded: number, total: number | undefined) => void) | undefined;
}

/** A model, as far as pictures are chosen for it. */
export interface JudgedModel {
  readonly labels: readonly string[];
  readonly run: RunPaths | undefined;
  /** What messages call it. */
  readonly shown: string;
}

/** Pictures to judge by, with labels that are the model's. */
export interface Judged {
  /** What the data are called. */
  readonly name: string;
  readonly part: PartName | "all";
  readonly files: ImageFiles;
  readonly classNames: readonly string[];
  /** Whether the run that they are of was judged by mirror images too. */
  readonly tta: boolean;
  /** Whether nothing is to be decoded, so that no thread is of use. */
  readonly areInMemory: boolean;
  /** What the user should know of them, in lines of text. */
  readonly notes: readonly string[];
}

/**
 * Opens the pictures that a model is judged by.
 *
 * @throws {InvalidConfigError} there is nothing of that name, or there are fewer pictures than the limit.
 * @throws {UnavailableError} there is no such part, the model does not know their classes, or they cannot be read.
 * @throws {FormatError} the data are damaged.
 */
export async function openJudged(model: JudgedModel, { part: wanted, ...by }: JudgedBy): Promise<Judged> {
  const { dataFolder, signal, onDownload } = by;
  const settings = {
    owner: "evaluate",
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(signal === undefined ? {} : { signal }),
    ...(onDownload === undefined ? {} : { onDownload }),
  };
  const found = await find(model, by.data, wanted, settings);
  const { data, part, parts } = found;
  const labels = Int32Array.from(parts.flatMap((each) => Array.from(each.labels)));
  const matched = matchClasses({
    classNames: data.classNames,
    labels,
    modelLabels: model.labels,
    data: by.data ?? data.location,
    model: model.shown,
  });
  const files = joinFiles(parts, matched.indices, matched.classNames);
  return {
    name: data.name,
    part,
    files: limitFiles(files, by.limit, data.kind),
    classNames: matched.classNames,
    tta: found.tta,
    areInMemory: parts.every((each) => each instanceof ArraysPart),
    notes: [found.note, matched.note].filter((note) => note !== undefined),
  };
}

interface Found {
  readonly data: TrainingData;
  readonly part: PartName | "all";
  readonly parts: readonly Part[];
  readonly tta: boolean;
  readonly note?: string;
}

async function find(
  { run, shown }: JudgedModel,
  spec: string | undefined,
  wanted: JudgedBy["part"],
  settings: Parameters<typeof findData>[1],
): Promise<Found> {
  if (spec !== undefined) return { ...choosePart(await findData(spec, settings), spec, wanted), tta: false };
  if (run !== undefined) return openRunPart(run, wanted, shown, settings);
  throw new UnavailableError(
    `${shown} does not belong to a run, which would say what to judge it by`,
    `Name the pictures: featuremap evaluate ${shellWord(shown)} <data>`,
  );
}

/** @throws {UnavailableError} the data have no such part. */
function choosePart(data: TrainingData, spec: string, wanted: JudgedBy["part"]): Omit<Found, "tta"> {
  const { train, validation, test } = data;
  const isWhole = validation === undefined && test === undefined;
  const usual = test === undefined ? "validation" : "test";
  const part = wanted ?? (isWhole ? "all" : usual);
  if (part === "all") {
    return { data, part, parts: [train, validation, test].filter((each) => each !== undefined) };
  }
  const chosen = data[part];
  if (chosen !== undefined) return { data, part, parts: [chosen] };
  const names = (["train", "validation", "test"] as const).filter((name) => data[name] !== undefined);
  const what = isWhole ? "it is not in parts" : `it has ${names.join(" and ")}`;
  throw new UnavailableError(`${spec} has no ${part} part: ${what}`, "Leave out --part, or name another.");
}
