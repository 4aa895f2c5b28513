import { relative } from "node:path";
import type { FeaturemapConfig } from "../../config/define-config.ts";
import { init, refuseSecondConfig } from "./init.ts";
import { asPath, findClassFolders } from "./find-class-folders.ts";
import type { Invocation } from "../invocation.ts";
import { StoppedError, UsageError, exitCodes } from "../../terminal/exit-codes.ts";
import { trainArguments } from "../../options/commands/train.ts";
import { printJson, printLine } from "../../terminal/print.ts";

const interrupted = 130;

/** `featuremap init`: asks, or with `--yes` does not, and writes `featuremap.config.ts`. */
export async function runInit({ options, folder, terminal }: Invocation<"init">): Promise<number> {
  const { json, yes } = options;
  const { output, dialogue } = terminal;
  await refuseSecondConfig(folder);
  const file = await init({ folder, config: yes ? await usualConfig(folder) : await answers() });
  if (json) printJson(output, { event: "init", file });
  else printLine(output, `Wrote ${relative(folder, file)}. Now run: featuremap train`);
  return exitCodes.success;

  async function answers(): Promise<FeaturemapConfig> {
    if (json || dialogue === undefined) {
      const why = json ? "with --json nobody is asked" : "there is no terminal to ask in";
      throw new UsageError(`init: ${why}; give --yes to take the usual answers.`);
    }
    const { askForConfig } = await import("./init-questions.ts");
    const config = await askForConfig(dialogue, folder);
    if (config === undefined) throw new StoppedError("Stopped; nothing was written.", interrupted);
    return config;
  }
}

/** Trains on the pictures that are there, or else on a data set that everyone has. */
async function usualConfig(folder: string): Promise<FeaturemapConfig> {
  const [found] = await findClassFolders(folder);
  return { train: { data: found === undefined ? trainArguments[0].suggestions[0] : asPath(found) } };
}
