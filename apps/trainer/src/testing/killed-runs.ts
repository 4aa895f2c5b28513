import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RandomStream } from "@featuremap/tensor";

/** A training that is killed and goes on until it ends by itself. */
export interface KilledRun {
  /** What is run: the arguments of `node`. */
  readonly command: readonly string[];
  /** The words of the command, without a folder. */
  readonly words: readonly string[];
  /** Default: `train`. */
  readonly name?: "train" | "sweep";
  /** The run's folder. */
  readonly out: string;
  /** Seconds within which it is killed, counted from its first event. */
  readonly within: number;
  readonly kills: number;
  readonly seed: number;
}

/**
 * Kills a training at random moments and lets it go on each time, and in the end to its end.
 *
 * @returns how often it was killed, and what it said in the end
 */
export async function runKilled({ command, words, name = "train", out, within, kills, seed }: KilledRun): Promise<{
  readonly killed: number;
  readonly output: string;
}> {
  const random = new RandomStream(seed);
  let killed = 0;
  for (;;) {
    const isBegun = existsSync(join(out, name === "train" ? "config.json" : "sweep.json"));
    const begin = isBegun ? [name, "--resume", out, "--json"] : [name, ...words, "--out", out, "--json"];
    const delay = killed < kills ? random.uniform(0, within) * 1000 : undefined;
    const { output, error, signal, code } = await runOnce([...command, ...begin], delay);
    if (signal === "SIGKILL") killed += 1;
    else if (code === 0) return { killed, output };
    else throw new Error(`featuremap ${begin.join(" ")} ended with ${code}: ${error}`);
  }
}

interface Ended {
  readonly output: string;
  readonly error: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function runOnce(words: readonly string[], delay: number | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words);
    let [output, error] = ["", ""];
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      if (delay !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), delay);
    });
    child.stderr.on("data", (part: Buffer) => (error += part.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ output, error, code, signal });
    });
  });
}
