import { spawn } from "node:child_process";
import { toolEnvironment } from "../../release/workspace.mjs";

/** How to run a program. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number;
}

/** Runs one of the installed tools or a program of the machine to its end, and gives its standard output. */
export function run(command: string, parameters: readonly string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cwd, env = {}, timeout = 600_000 } = options;
    const shell = process.platform === "win32";
    const child = spawn(command, parameters, { cwd, timeout, shell, env: { ...toolEnvironment, ...env } });
    let output = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (all += text));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${parameters.join(" ")} ended with ${signal ?? code}:\n${all.slice(-4000)}`));
    });
  });
}
