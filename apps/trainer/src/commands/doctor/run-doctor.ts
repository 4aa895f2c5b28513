import { formatCounted } from "../../terminal/format.ts";
import { doctor } from "./doctor.ts";
import type { Finding, Status } from "./finding.ts";
import { textWidth, wrap } from "../../terminal/wrap.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { printJson, printLine } from "../../terminal/print.ts";

/** As wide as the widest. */
const marks: Readonly<Record<Status, string>> = { ok: "ok     ", warning: "warning", problem: "PROBLEM" };

/** `featuremap doctor [subject]`: a line for each thing that was looked at; the exit code is 1 where one is a problem. */
export async function runDoctor(invocation: Invocation<"doctor">): Promise<number> {
  const { words, options, folder, version, terminal } = invocation;
  const { json, ...settings } = options;
  const { output } = terminal;
  const result = await doctor({
    ...settings,
    subject: words[0],
    folder,
    version,
    onFinding(finding) {
      if (json) printJson(output, { event: "finding", ...finding });
      else for (const line of linesOf(finding, output.columns)) printLine(output, line);
    },
  });
  const { warnings, problems } = result;
  if (json) printJson(output, { event: "doctor", ...result });
  else {
    const all = [formatCounted(problems, "problem"), formatCounted(warnings, "warning")];
    printLine(output, problems + warnings === 0 ? "All is well." : `${all.join(", ")}.`);
  }
  return problems === 0 ? exitCodes.success : exitCodes.failure;
}

/** Where text begins behind a mark. */
const indent = 9;

/** On a terminal, text goes on below where it began; elsewhere, such as in a file, each thing has its line. */
function linesOf({ status, text, remedy }: Finding, columns = 0): readonly string[] {
  const broken = (words: string): readonly string[] =>
    columns > 0 ? wrap(words, Math.max(textWidth(columns) - indent, 20)) : [words];
  const lines = [...broken(text), ...(remedy === undefined ? [] : broken(remedy))];
  return lines.map((line, index) => (index === 0 ? `${marks[status]}  ${line}` : `${" ".repeat(indent)}${line}`));
}
