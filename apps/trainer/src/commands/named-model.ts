import type { Invocation } from "./invocation.ts";
import type { CommandName } from "../options/command.ts";
import { type NamedModel, findModel } from "../models/find-model.ts";
import { printLine } from "../terminal/print.ts";

/**
 * The saved model that a word of the command line names; which one it is stands on standard error where the word leaves a
 * choice.
 *
 * @throws {UnavailableError} there is none.
 */
export async function namedModel(
  named: string,
  { folder, terminal }: Pick<Invocation<CommandName>, "folder" | "terminal">,
): Promise<NamedModel> {
  const found = await findModel(named, folder);
  if (found.note !== undefined) printLine(terminal.error, `featuremap: ${found.note}`);
  return found;
}
