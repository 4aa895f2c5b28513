import { basename, dirname, join, resolve } from "node:path";
import { type InspectedImage, inspect } from "./inspect.ts";
import type { InspectedFile } from "./inspected-file.ts";
import { readConfig } from "../../config/written-config.ts";
import type { RunPaths } from "../../run/run-paths.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { formatCount } from "../../terminal/format.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { namedModel } from "../named-model.ts";

const titles: Readonly<Record<InspectedFile["kind"], string>> = {
  filters: "Filters",
  featureMaps: "Feature maps",
  gradCam: "Grad-CAM",
  occlusion: "Occlusion",
};

/** `featuremap inspect <bundle>`: a line for each file, or for all files of a layer. */
export async function runInspect({ words, options, folder, terminal }: Invocation<"inspect">): Promise<number> {
  const [named = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  checkTogether(settings);
  const { bundle, run } = await namedModel(named, { terminal, folder });
  const lines = fileLines(folder, (line) => printLine(output, line));
  const dataFolder = settings.dataFolder ?? (run && (await dataFolderOf(run, settings)));
  const result = await inspect({
    ...settings,
    dataFolder,
    bundle,
    out: settings.out === undefined ? join(run?.path ?? folder, "inspect") : resolve(folder, settings.out),
    onImage: (image) => (json ? printJson(output, { event: "image", ...image }) : printLine(output, imageLine(image))),
    onFile: (file) => (json ? printJson(output, { event: "file", ...file }) : lines.add(file)),
  });
  if (json) printJson(output, { event: "inspect", ...result });
  else {
    lines.end();
    const asksForNothing = !settings.filters && imagesOf(settings).length === 0;
    if (asksForNothing) {
      printLine(output, "--feature-maps, --grad-cam and --occlusion, each with an image, show more.");
    }
  }
  return exitCodes.success;
}

type Settings = Omit<Invocation<"inspect">["options"], "json">;

function imagesOf({ featureMaps, gradCam, occlusion }: Settings): readonly string[] {
  return [featureMaps, gradCam, occlusion].filter((image) => image !== undefined);
}

/** Where the data set lies that the run was trained on, if its pictures are those that are asked for. */
async function dataFolderOf({ config }: RunPaths, settings: Settings): Promise<string | undefined> {
  const trained = await readConfig(config, "train").catch(() => undefined);
  const start = `${String(trained?.["data"])}:`;
  const isOfRun = imagesOf(settings).every((image) => !image.includes(":") || image.startsWith(start));
  const dataFolder = trained?.["dataFolder"];
  return isOfRun && typeof dataFolder === "string" ? dataFolder : undefined;
}

/** What says how pictures are made that are not asked for would be ignored. */
function checkTogether(settings: Settings): void {
  const { filters, featureMaps, gradCam, occlusion } = settings;
  if (settings.class !== undefined && gradCam === undefined && occlusion === undefined) {
    throw new UsageError("inspect: --class is for --grad-cam and --occlusion; give one of them an image.");
  }
  const hasMaps = filters || featureMaps !== undefined || imagesOf(settings).length === 0;
  if (hasMaps) return;
  for (const name of ["count", "each"] as const) {
    if (settings[name] === undefined || settings[name] === false) continue;
    throw new UsageError(`inspect: --${name} is for --filters and --feature-maps; give one of them.`);
  }
}

function imageLine({ image, predictions }: InspectedImage): string {
  const answers = predictions.map(({ label, probability }) => `${label} ${(probability * 100).toFixed(1)}%`);
  return `${image}: ${answers.join(", ")}`;
}

/** Lines of files; those of one layer that are a file each share one. */
function fileLines(
  folder: string,
  print: (line: string) => void,
): { readonly add: (file: InspectedFile) => void; readonly end: () => void } {
  let series: InspectedFile[] = [];
  const end = (): void => {
    const [first] = series;
    const last = series.at(-1);
    if (first === undefined || last === undefined) return;
    const rest = series.length === 1 ? "" : ` ... ${basename(last.path)}`;
    print(
      `${aboutOf(first.index === undefined ? first : { ...first, shown: series.length })}: ${shownPath(first.path, folder)}${rest}`,
    );
    series = [];
  };
  return {
    end,
    add(file) {
      const [first] = series;
      const isNext =
        first !== undefined &&
        file.index !== undefined &&
        first.kind === file.kind &&
        first.layer === file.layer &&
        dirname(first.path) === dirname(file.path);
      if (!isNext) end();
      series.push(file);
      if (file.index === undefined) end();
    },
  };
}

function aboutOf({ kind, layer, class: label, shown, all, size }: InspectedFile): string {
  const of = layer === undefined ? "" : ` of ${layer}`;
  if (shown === undefined || all === undefined || size === undefined) {
    return `${titles[kind]}${of}${label === undefined ? "" : ` for ${label}`}`;
  }
  const count = shown === all ? formatCount(all) : `${formatCount(shown)} of ${formatCount(all)}`;
  return `${titles[kind]}${of}, ${count}, ${size[1]} x ${size[0]} each`;
}
