import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "vite";

/**
 * Makes one script of the sources for processes of their own, which know no TypeScript.
 *
 * @param entry its source @param folder where it is written @returns its path
 */
export async function buildProcessScript(entry: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    resolve: { conditions: ["@featuremap/source", "node"] },
    build: {
      ssr: entry,
      outDir: folder,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "script.mjs" } },
    },
  });
  return join(folder, "script.mjs");
}

/** A process that runs the script, with its output so far. */
export interface ScriptProcess {
  readonly child: ChildProcess;
  /** Lines of its standard output. */
  readonly lines: string[];
  /** Its exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Until it has written a line. @throws {Error} it ended before. */
  hears(line: string): Promise<void>;
}

/** Starts a process. */
export function startProcess(script: string, ...task: readonly string[]): ScriptProcess {
  const child = spawn(process.execPath, [script, ...task], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => lines.push(...text.trim().split("\n")));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    lines,
    ended,
    async hears(line) {
      let hasEnded = false;
      void ended.then(() => (hasEnded = true));
      while (!lines.includes(line)) {
        if (hasEnded) throw new Error(`The process ended without "${line}".`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}
