import { type DataPack, dataPack } from "./data-pack.ts";
import { definitions, textWidth } from "../../../terminal/wrap.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { formatBytes, formatCount, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { namedFiles } from "../class-table.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";

/** `featuremap data pack <data>` */
export async function runDataPack({ words, options, terminal }: Invocation<"data pack">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const pictures = countProgress(output, { json, heading: "Decoding", what: "pictures" });
  const bytes = countProgress(output, { json, heading: "Downloading", what: "downloaded", shown: formatBytes });
  return runInterruptibly(terminal, async ({ signal }) => {
    const packed = await sayWhenStopped("data pack was stopped; the next one keeps what was decoded.", () =>
      dataPack({
        ...settings,
        data,
        signal,
        onProgress: (done, total) => pictures.update(done, total),
        onDownload: (done, total) => bytes.update(done, total),
      }),
    ).finally(() => pictures.clear());
    if (json) printJson(output, { event: "pack", ...packed });
    else for (const line of packLines(packed, textWidth(output.columns))) printLine(output, line);
    return exitCodes.success;
  });
}

function packLines({ imageSize, imageSizeReason, pictures, added, parts, leftOut }: DataPack, width: number): string[] {
  const [high, wide] = imageSize;
  const size = `${wide} x ${high} (${imageSizeReason})`;
  const all = formatCounted(pictures, "picture");
  const what = added === 0 ? "Nothing to do: all were there already" : `${formatCount(added)} of them decoded now`;
  // Parts of one table or folder lie together.
  const folders = new Map(parts.map(({ directory, bytes }) => [directory, bytes]));
  return definitions(
    [
      ["Pictures", `${all}, ${size}. ${what}.`],
      ...Array.from(
        folders,
        ([directory, bytes]) => ["Kept in", `${shownPath(directory)} (${formatBytes(bytes)})`] as const,
      ),
      ...(leftOut.length === 0
        ? []
        : [
            [
              "Left out",
              `${formatCounted(leftOut.length, "file")}: ${namedFiles(leftOut, (path) => shownPath(path))}`,
            ] as const,
          ]),
    ],
    width,
  );
}
