import { type DataInfo, dataInfo } from "../commands/data-info.ts";
import type { LeftOut } from "../data/part.ts";
import { definitions, textWidth, wrap } from "../help/wrap.ts";
import { type Invocation, exitCodes } from "../invocation.ts";
import { formatBytes, formatCount, formatCounted } from "../terminal/format.ts";
import { runInterruptibly } from "../terminal/interruption.ts";
import { pathFromHere } from "../terminal/paths.ts";
import { printJson, printLine } from "../terminal/print.ts";
import { shownName } from "../terminal/shown-name.ts";
import { formatTable } from "../terminal/table.ts";
import { countProgress } from "./count-progress.ts";

/** `featuremap data info <data>` */
export async function runDataInfo({ words, options, terminal }: Invocation<"data info">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const files = countProgress(output, { json, heading: "Looking at files", what: "files" });
  const bytes = countProgress(output, { json, heading: "Downloading", what: "downloaded", shown: formatBytes });
  return runInterruptibly(terminal, async ({ signal }) => {
    const info = await dataInfo({
      ...settings,
      data,
      signal,
      onProgress: (done, total) => files.update(done, total),
      onDownload: (done, total) => bytes.update(done, total),
    }).finally(() => files.clear());
    if (json) printJson(output, { event: "info", ...info });
    else for (const line of infoLines(info, textWidth(output.columns))) printLine(output, line);
    return exitCodes.success;
  });
}

/** Classes that are listed, files that are named, columns of a bar. */
const [mostClasses, mostFiles, shortestBar, longestBar] = [100, 3, 8, 30];

/** All of it in lines for people. */
export function infoLines(info: DataInfo, width: number): string[] {
  const { files, bytes, classes, kind, data, location } = info;
  const where = kind === "dataset" ? "a data set with a name" : pathFromHere(location);
  const head = `${shownName(data)}: ${formatCounted(files, "picture")} in ${formatCounted(classes.length, "class", "classes")}, ${formatBytes(bytes)} (${shownName(where, 200)})`;
  return [...wrap(head, width), "", ...classLines(info, width), "", ...definitions(facts(info), width)];
}

function classLines({ parts, classes }: DataInfo, width: number): string[] {
  const names = Object.keys(parts) as (keyof DataInfo["parts"])[];
  const shown = classes.slice(0, mostClasses);
  const rows = shown.map((each) => [shownName(each.name), ...names.map((part) => formatCount(each[part] ?? 0))]);
  const table = formatTable([["class", ...names], ...rows]);
  const room = Math.min(width - Math.max(...table.map((line) => line.length)) - 2, longestBar);
  const totals = shown.map((each) => names.reduce((sum, part) => sum + (each[part] ?? 0), 0));
  const most = Math.max(...totals, 1);
  const tableWidth = Math.max(...table.map((line) => line.length));
  const lines = table.map((line, index) => {
    const total = totals[index - 1];
    if (total === undefined || room < shortestBar) return line;
    return `${line.padEnd(tableWidth)}  ${"█".repeat(Math.max(Math.round((total / most) * room), total > 0 ? 1 : 0))}`.trimEnd();
  });
  const left = classes.length - shown.length;
  return left > 0 ? [...lines, `and ${formatCounted(left, "more class", "more classes")} (--json lists all)`] : lines;
}

function facts({ formats, colours, sizes, damaged, foreign, training }: DataInfo): (readonly [string, string])[] {
  return [
    ["Formats", listed(formats)],
    ["Colours", listed(colours)],
    ...(sizes === undefined ? [] : [["Sizes", sizeText(sizes)] as const]),
    ...(foreign.length === 0 ? [] : [["Left out", fileText(foreign, "file that is no picture by its name")] as const]),
    ...(damaged.length === 0 ? [] : [["Damaged", fileText(damaged, "file that is no picture")] as const]),
    ...trainingFacts(training),
  ];
}

function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? "none" : entries.map(([name, count]) => `${name} ${formatCount(count)}`).join("; ");
}

function sizeText({ width, height, different, commonest }: NonNullable<DataInfo["sizes"]>): string {
  if (different === 1) return `all ${width.least} x ${height.least} (across, down)`;
  const spread = (name: string, { least, median, most }: typeof width): string =>
    `${name} ${least} to ${most}, half up to ${median}`;
  return (
    `${spread("across", width)}; ${spread("down", height)}; ${formatCount(different)} sizes, ` +
    `the commonest ${commonest.width} x ${commonest.height} (${formatCounted(commonest.files, "picture")})`
  );
}

function fileText(files: readonly LeftOut[], what: string): string {
  const named = files
    .slice(0, mostFiles)
    .map(({ path, reason }) => `${shownName(pathFromHere(path), 100)} (${reason.replace(/\.$/, "")})`);
  const more = files.length > mostFiles ? `; and ${formatCount(files.length - mostFiles)} more` : "";
  return `${formatCounted(files.length, what, what.replace(/^file that is no picture/, "files that are no pictures"))}: ${named.join("; ")}${more}`;
}

function trainingFacts(training: DataInfo["training"]): (readonly [string, string])[] {
  if ("problem" in training) return [["Training", `cannot begin: ${training.problem}`]];
  const { imageSize, imageSizeReason, network, networkReason, epochs, batchSize, augment } = training;
  const { trainImages, validationImages, testImages } = training;
  const [height, width] = imageSize;
  const parts = [
    `${formatCount(trainImages)} to learn from`,
    ...(validationImages > 0 ? [`${formatCount(validationImages)} for validation`] : []),
    ...(testImages > 0 ? [`${formatCount(testImages)} for testing`] : []),
  ];
  return [
    [
      "Training",
      `pictures of ${width} x ${height} (${imageSizeReason}); network ${shownName(network)} (${networkReason}); ` +
        `${formatCounted(epochs, "epoch")}, ${batchSize} pictures a step, augmentation ${augment}; ${parts.join(", ")}`,
    ],
  ];
}
