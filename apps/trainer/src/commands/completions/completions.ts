import { bashCompletions } from "./bash.ts";
import { fishCompletions } from "./fish.ts";
import { zshCompletions } from "./zsh.ts";
import type { CommandDescription } from "../../options/command.ts";
import type { completionsArguments } from "../../options/commands/completions.ts";

/** The shells that have completions. */
export type Shell = (typeof completionsArguments)[0]["choices"][number];

const writers: Readonly<Record<Shell, (commands: readonly CommandDescription[]) => string>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/** A script that teaches a shell all commands, options, choices and where files are to be named. */
export function completions(shell: Shell, commands: readonly CommandDescription[]): string {
  return writers[shell](commands);
}
