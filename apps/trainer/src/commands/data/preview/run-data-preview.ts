import { dataPreview } from "./data-preview.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { formatBytes, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";

/** `featuremap data preview <data>` */
export async function runDataPreview({ words, options, terminal }: Invocation<"data preview">): Promise<number> {
  const [data = ""] = words;
  const { json, ...settings } = options;
  const { output } = terminal;
  const bytes = countProgress(output, { json, heading: "Downloading", what: "downloaded", shown: formatBytes });
  return runInterruptibly(terminal, async ({ signal }) => {
    const preview = await sayWhenStopped("data preview was stopped; nothing was drawn.", () =>
      dataPreview({
        ...settings,
        data,
        signal,
        onDownload: (done, total) => bytes.update(done, total),
      }),
    ).finally(() => bytes.clear());
    if (json) printJson(output, { event: "preview", ...preview });
    else {
      const { file, pictures, classes, allClasses, draws, imageSize } = preview;
      const [height, width] = imageSize;
      const of =
        classes < allClasses ? `${classes} of ${allClasses} classes` : formatCounted(classes, "class", "classes");
      const varied = draws === 0 ? "" : `, each as it is and varied ${formatCounted(draws, "time")}`;
      printLine(
        output,
        `Drew ${formatCounted(pictures.length, "picture")} of ${of} in ${width} x ${height}${varied}: ${shownPath(file)}`,
      );
    }
    return exitCodes.success;
  });
}
