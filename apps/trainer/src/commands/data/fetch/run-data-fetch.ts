import { type DataFetch, dataFetch } from "./data-fetch.ts";
import { definitions, textWidth } from "../../../terminal/wrap.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { formatBytes, formatCount, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shellWord } from "../../../terminal/shell-word.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";

/** `featuremap data fetch <dataset>` */
export async function runDataFetch({ words, options, terminal }: Invocation<"data fetch">): Promise<number> {
  const [dataset = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const bytes = countProgress(output, {
    json,
    heading: `Downloading ${dataset}`,
    what: "downloaded",
    shown: formatBytes,
  });
  return runInterruptibly(terminal, async ({ signal }) => {
    const fetched = await sayWhenStopped("data fetch was stopped; the next one resumes the download.", () =>
      dataFetch({
        ...settings,
        dataset,
        signal,
        onDownload: (done, total) => bytes.update(done, total),
      }),
    ).finally(() => bytes.clear());
    if (json) printJson(output, { event: "fetch", ...fetched });
    else for (const line of fetchLines(fetched, textWidth(output.columns))) printLine(output, line);
    return exitCodes.success;
  });
}

function fetchLines({ dataset, path, dataFolder, bytes, isNew, parts, classes }: DataFetch, width: number): string[] {
  const counts = Object.entries(parts).map(([part, count]) => `${part} ${formatCount(count)}`);
  const where =
    path === undefined
      ? "comes with featuremap: nothing is downloaded"
      : `${shownPath(path)} (${formatBytes(bytes)}), ${isNew ? "downloaded now" : "already there"}; its checksum is right`;
  const more = dataFolder === undefined ? "" : ` --data-folder ${shellWord(shownPath(dataFolder))}`;
  return [
    ...definitions(
      [
        ["Data set", `${dataset}: ${formatCounted(classes, "class", "classes")}; ${counts.join("; ")}`],
        ["Kept in", where],
      ],
      width,
    ),
    "",
    `Train on it with: featuremap train ${dataset}${more}`,
  ];
}
