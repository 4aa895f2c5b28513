import { completions } from "./completions.ts";
import type { Invocation } from "../invocation.ts";
import { exitCodes } from "../../terminal/exit-codes.ts";
import { completionsArguments } from "../../options/commands/completions.ts";
import { printJson } from "../../terminal/print.ts";

/** `featuremap completions <shell>` */
export async function runCompletions({
  words: [typed],
  options,
  commands,
  terminal: { output },
}: Invocation<"completions">): Promise<number> {
  const shell = completionsArguments[0].choices.find((choice) => choice === typed) ?? "bash";
  const script = completions(shell, commands);
  if (options.json) printJson(output, { event: "completions", shell, script });
  else output.write(script);
  return exitCodes.success;
}
