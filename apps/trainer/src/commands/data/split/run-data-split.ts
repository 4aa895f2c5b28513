import { type DataSplit, dataSplit } from "./data-split.ts";
import type { PartName } from "../../../data/training-data.ts";
import { definitions, textWidth } from "../../../terminal/wrap.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { formatCount, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shellWord } from "../../../terminal/shell-word.ts";
import { shownName } from "../../../terminal/shown-name.ts";
import { classTable, namedFiles } from "../class-table.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";

/** `featuremap data split <data>` */
export async function runDataSplit({ words, options, terminal }: Invocation<"data split">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const progress = countProgress(output, { json, heading: "Looking for near duplicates", what: "pictures" });
  return runInterruptibly(terminal, async ({ signal }) => {
    const result = await sayWhenStopped("data split was stopped; nothing was written.", () =>
      dataSplit({
        ...settings,
        data,
        signal,
        onProgress: (done, total) => progress.update(done, total),
      }),
    ).finally(() => progress.clear());
    if (json) printJson(output, { event: "split", ...result });
    else for (const line of splitLines(result, textWidth(output.columns))) printLine(output, line);
    return exitCodes.success;
  });
}

/** Classes that a line names at most. */
const mostNamed = 5;

function splitLines({ file, parts, classes, nearDuplicates, unreadable, lacking }: DataSplit, width: number): string[] {
  const names = Object.keys(parts) as PartName[];
  const counts = names.map((part) => `${part} ${formatCount(parts[part] ?? 0)}`);
  const lacks = lacking.slice(0, mostNamed).map(({ part, class: name }) => `${part} has no ${shownName(name)}`);
  const facts: (readonly [string, string])[] = [
    ["Pictures", counts.join("; ")],
    ...(nearDuplicates === undefined || nearDuplicates.groups === 0
      ? []
      : [["Together", togetherText(nearDuplicates)] as const]),
    ...(unreadable.length === 0
      ? []
      : [
          [
            "Left out",
            `${formatCounted(unreadable.length, "file")} that cannot be read: ${namedFiles(unreadable, (path) => shownPath(path))}`,
          ] as const,
        ]),
    ...(lacks.length === 0 ? [] : [["Lacking", `${lacks.join("; ")}: there are too few pictures of it`] as const]),
  ];
  const shown = shownPath(file);
  const unlearnt = lacking.flatMap(({ part, class: name }) => (part === "train" ? [name] : []));
  return [
    ...classTable(classes, names, width),
    "",
    ...definitions(facts, width),
    "",
    unlearnt.length === 0
      ? `Wrote ${shown}. Train on it with: featuremap train ${shellWord(shown)}`
      : `Wrote ${shown}. Nothing can be trained on it as it is: add pictures of ${namedClasses(unlearnt)} and divide again, or move some to train there.`,
  ];
}

function namedClasses(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return (
    names
      .slice(0, mostNamed)
      .map((name) => shownName(name))
      .join(", ") + more
  );
}

function togetherText({ groups, pictures }: NonNullable<DataSplit["nearDuplicates"]>): string {
  return `${formatCounted(groups, "group")} of near duplicates, ${formatCounted(pictures, "picture")}, each group in one part`;
}
