import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../apps/trainer/dist/cli.js", import.meta.url));

/** One line that `featuremap --json` printed. */
export type JsonLine = Readonly<Record<string, unknown>>;

function start(parameters: readonly string[]): ChildProcess {
  return spawn(process.execPath, [command, ...parameters, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Reads a process's standard output as JSON lines, each as it comes. */
async function* linesOf({ stdout }: ChildProcess): AsyncGenerator<JsonLine> {
  if (stdout === null) return;
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line) as JsonLine;
}

/**
 * Runs the built `featuremap` command to its end, as a user would.
 *
 * @throws {Error} It failed; the message is what it said.
 */
export async function runFeaturemap(...parameters: readonly string[]): Promise<JsonLine[]> {
  const child = start(parameters);
  const ended = once(child, "close");
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => (complaint += text.toString()));
  const lines: JsonLine[] = [];
  for await (const line of linesOf(child)) lines.push(line);
  await ended;
  if (child.exitCode !== 0) throw new Error(`featuremap ${parameters.join(" ")}: ${complaint}`);
  return lines;
}

/** A `featuremap serve` at work. */
export interface ServedBundle {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves a bundle on a free port. */
export async function serveBundle(bundle: string): Promise<ServedBundle> {
  const child = start(["serve", bundle, "--port", "0"]);
  const ended = once(child, "close");
  for await (const { address } of linesOf(child)) {
    return {
      address: String(address),
      async close() {
        child.kill("SIGINT");
        await ended;
      },
    };
  }
  throw new Error(`featuremap serve ${bundle} ended without an address.`);
}
