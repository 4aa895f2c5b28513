import { type DataInfo, dataInfo } from "./data-info.ts";
import type { LeftOut } from "../../../data/part.ts";
import type { PartName } from "../../../data/training-data.ts";
import { definitions, textWidth, wrap } from "../../../terminal/wrap.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { formatBytes, formatCount, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shownName } from "../../../terminal/shown-name.ts";
import { classTable, namedFiles } from "../class-table.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";

/** `featuremap data info <data>` */
export async function runDataInfo({ words, options, terminal }: Invocation<"data info">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const files = countProgress(output, { json, heading: "Looking at files", what: "files" });
  const bytes = countProgress(output, { json, heading: "Downloading", what: "downloaded", shown: formatBytes });
  return runInterruptibly(terminal, async ({ signal }) => {
    const info = await sayWhenStopped("data info was stopped.", () =>
      dataInfo({
        ...settings,
        data,
        signal,
        onProgress: (done, total) => files.update(done, total),
        onDownload: (done, total) => bytes.update(done, total),
      }),
    ).finally(() => files.clear());
    if (json) printJson(output, { event: "info", ...info });
    else for (const line of infoLines(info, textWidth(output.columns))) printLine(output, line);
    return exitCodes.success;
  });
}

/** All of it in lines for people. */
export function infoLines(info: DataInfo, width: number): string[] {
  const { files, bytes, classes, parts, kind, data, location } = info;
  const where = kind === "dataset" ? "a data set with a name" : shownPath(location);
  const head = `${shownName(data)}: ${formatCounted(files, "picture")} in ${formatCounted(classes.length, "class", "classes")}, ${formatBytes(bytes)} (${shownName(where, 200)})`;
  return [
    ...wrap(head, width),
    "",
    ...classTable(classes, Object.keys(parts) as PartName[], width),
    "",
    ...definitions(facts(info), width),
  ];
}

function facts({ formats, colours, sizes, damaged, foreign, training }: DataInfo): (readonly [string, string])[] {
  return [
    ["Formats", listed(formats)],
    ["Colours", listed(colours)],
    ...(sizes === undefined ? [] : [["Sizes", sizeText(sizes)] as const]),
    ...(foreign.length === 0
      ? []
      : [
          [
            "Left out",
            fileText(foreign, "file that is not a picture by its name", "files that are not pictures by their names"),
          ] as const,
        ]),
    ...(damaged.length === 0
      ? []
      : [["Damaged", fileText(damaged, "file that is not a picture", "files that are not pictures")] as const]),
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

function fileText(files: readonly LeftOut[], one: string, many: string): string {
  return `${formatCounted(files.length, one, many)}: ${namedFiles(files, (path) => shownPath(path))}`;
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
