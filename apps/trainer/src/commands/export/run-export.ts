import type { Invocation } from "../invocation.ts";
import { UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { exportBundle } from "./export.ts";
import { formatCount } from "../../terminal/format.ts";
import { printJson, printLine } from "../../terminal/print.ts";
import { namedModel } from "../named-model.ts";

/** `featuremap export <bundle> --out <folder>` */
export async function runExport({ words, options, terminal, folder }: Invocation<"export">): Promise<number> {
  const [named = ""] = words;
  const { output } = terminal;
  const { json, out } = options;
  if (out === undefined) throw new UsageError("export: --out must name the folder to write to.");
  const { bundle } = await namedModel(named, { terminal, folder });
  const result = await exportBundle({ bundle, out });
  if (json) printJson(output, { event: "export", ...result });
  else printLine(output, `Wrote the model (${formatCount(result.parameters)} weights) to ${out}`);
  return exitCodes.success;
}
