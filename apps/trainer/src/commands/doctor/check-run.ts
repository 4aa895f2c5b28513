import { existsSync } from "node:fs";
import { lockFolder, readFileWhole } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { openData } from "../../data/open-data.ts";
import { readSplit } from "../../data/split-table.ts";
import { findPreset } from "../../data/presets/find-preset.ts";
import { readBundle } from "../../models/read-bundle.ts";
import { readHistory } from "../../training/run/resumed-run.ts";
import { type RunPaths, runPaths } from "../../run/run-paths.ts";
import { formatCounted } from "../../terminal/format.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { type Finding, problemOf } from "./finding.ts";
import { shellWord } from "../../terminal/shell-word.ts";

const topic = "run";
/** Bytes of a run's JSON files at most. */
const largest = 2 ** 24;

/** From where a run is looked at. */
interface RunContext {
  readonly folder: string;
  /** Of this package. */
  readonly version: string;
  /** Where a data set with a name lies. */
  readonly dataFolder: string | undefined;
}

/** How far a run is, whether its model can be read, and whether it can go on. */
export async function checkRun(path: string, { folder, version, dataFolder }: RunContext): Promise<readonly Finding[]> {
  const paths = runPaths(path);
  const shown = shownPath(path, folder);
  try {
    const settings = await settingsOf(paths);
    return [
      await stateFinding(paths, shown, settings.epochs),
      await madeFinding(paths, shown, version),
      ...(await modelFindings(paths, shown)),
      await dataFinding(paths, settings.data, dataFolder ?? settings.dataFolder),
    ];
  } catch (error) {
    const remedy = "--resume needs its config.json intact; otherwise start a new run.";
    return [problemOf(topic, error, remedy)];
  }
}

interface RunSettings {
  readonly data: string;
  readonly epochs: number;
  readonly dataFolder?: string;
}

/** @throws {UnavailableError} the config file is not there, or does not say it. */
async function settingsOf({ config }: RunPaths): Promise<RunSettings> {
  const train = field(await readJson(config), "train");
  const [data, epochs, dataFolder] = [field(train, "data"), field(train, "epochs"), field(train, "dataFolder")];
  if (typeof data === "string" && typeof epochs === "number") {
    return { data, epochs, ...(typeof dataFolder === "string" ? { dataFolder } : {}) };
  }
  throw new UnavailableError(`${config} does not say what was trained`, "Begin a new run.");
}

/** @throws {UnavailableError} it is not there, or no JSON. */
async function readJson(file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readFileWhole(file, { limit: largest }));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnavailableError(`${file} is not JSON`, "It was edited or damaged: start a new run.", { cause });
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

async function stateFinding(paths: RunPaths, shown: string, epochs: number): Promise<Finding> {
  const done = (await readHistory(paths.history)).length;
  const progress = `${done} of ${formatCounted(epochs, "epoch")} done`;
  try {
    const release = await lockFolder(paths.path, "training", { patience: 0 });
    await release();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return {
      topic,
      status: "ok",
      text: `${shown} is being trained or cannot be written: ${progress}. ${error.message}`,
    };
  }
  if (!existsSync(paths.backup) && !existsSync(paths.previous)) {
    const text = `${shown}: ${progress}, and there is no checkpoint to resume from`;
    return {
      topic,
      status: "warning",
      text,
      remedy: `featuremap train --config ${shellWord(`${shown}/config.json`)} starts it again.`,
    };
  }
  if (done >= epochs) {
    const more = `featuremap train --resume ${shellWord(shown)} --epochs ${epochs + 10} would continue it`;
    return { topic, status: "ok", text: `${shown} is finished: ${progress}; ${more}` };
  }
  const remedy = `Continue with: featuremap train --resume ${shellWord(shown)}`;
  return { topic, status: "warning", text: `${shown} was stopped: ${progress}`, remedy };
}

async function madeFinding({ environment }: RunPaths, shown: string, version: string): Promise<Finding> {
  const made = await readJson(environment);
  const by = field(made, "featuremap");
  const device = field(field(made, "device"), "description");
  const text = `${shown} was trained by featuremap ${String(by)} on ${String(device)}`;
  if (by === undefined || by === version) return { topic, status: "ok", text };
  const remedy = "Its model loads all the same; resuming the training may give different numbers than that version.";
  return { topic, status: "warning", text: `${text}, and this is ${version}`, remedy };
}

async function modelFindings(paths: RunPaths, shown: string): Promise<readonly Finding[]> {
  if (!existsSync(paths.model)) return [];
  try {
    const { model, labels } = await readBundle(paths.model);
    const text = `the model in ${shown} is whole: ${model.countParams()} weights, ${labels.length} classes`;
    model.dispose();
    return [{ topic, status: "ok", text }];
  } catch (error) {
    return [problemOf(topic, error, `Make it again: featuremap train --resume ${shellWord(shown)}`)];
  }
}

/** Whether what it learned from is still there. A data set with a name is, or is fetched again. */
async function dataFinding(paths: RunPaths, data: string, dataFolder: string | undefined): Promise<Finding> {
  if (findPreset(data) !== undefined && dataFolder === undefined)
    return { topic, status: "ok", text: `it learns from the data set ${data}` };
  try {
    await openData(data, { owner: "doctor", seed: 1, dataFolder, split: await readSplit(paths.split) });
    return { topic, status: "ok", text: `its pictures are where they were, in ${data}` };
  } catch (error) {
    return { ...problemOf(topic, error), status: "warning" };
  }
}
