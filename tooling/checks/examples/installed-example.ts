import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const examples = join(import.meta.dirname, "..", "..", "..", "examples");
const windows = process.platform === "win32";

/** An example as a stranger has it: a copy outside the repository, installed by npm. */
export interface InstalledExample {
  readonly folder: string;
  /** Runs a program in it to its end. @returns what it printed @throws {Error} it failed, with what it printed. */
  run(command: string, ...parameters: readonly string[]): Promise<string>;
  /** Starts a program in it that serves something, on a free port, and waits for the address that it prints. */
  serve(command: readonly string[], port: PortChoice): Promise<ServingExample>;
  remove(): Promise<void>;
}

/** How a free port is asked for: with the option `--port 0` of what npm runs, or `PORT=0` in the environment. */
export type PortChoice = "option" | "environment";

/** A program that serves, such as `npm start`. */
export interface ServingExample {
  /** Without a slash at its end. */
  readonly address: string;
  /** Everything that it has printed. */
  output(): string;
  /** Asks it to end, as a terminal or a host does. @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Copies an example to an empty folder and does there what its README says first. */
export async function installExample(name: string, registry: string): Promise<InstalledExample> {
  const folder = await mkdtemp(join(tmpdir(), `example-${name}-`));
  const generated = /[\\/](?:node_modules|dist|runs|photos|\.next)$/;
  await cp(join(examples, name), folder, { recursive: true, filter: (path) => !generated.test(path) });
  const environment = strangersEnvironment(registry);
  const start = (command: string, parameters: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(command, parameters, { cwd: folder, env: { ...environment, ...more }, shell: windows, detached: !windows });
  const example: InstalledExample = {
    folder,
    async run(command, ...parameters) {
      const child = start(command, parameters);
      const output = outputOf(child);
      const [code] = await once(child, "close");
      if (code === 0) return output();
      throw new Error(`${name}: ${[command, ...parameters].join(" ")} ended with ${code}:\n${output().slice(-6000)}`);
    },
    serve([command = "", ...parameters], port) {
      const asked = port === "option" ? [...parameters, "--", "--port", "0"] : parameters;
      return serve(name, start(command, asked, port === "environment" ? { PORT: "0" } : {}));
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
  try {
    await example.run("npm", "install");
  } catch (error) {
    await example.remove();
    throw error;
  }
  return example;
}

async function serve(name: string, child: ChildProcess): Promise<ServingExample> {
  const output = outputOf(child);
  const closed = once(child, "close").then(([code]) => code as number | null);
  let ended = false;
  void closed.then(() => (ended = true));
  const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    if (!ended) endTree(child, signal);
    return closed;
  };
  for (const deadline = Date.now() + 120_000; ;) {
    const address = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output())?.[0];
    if (address !== undefined) return { address, output, stop };
    if (ended || Date.now() > deadline) {
      await stop("SIGKILL");
      throw new Error(`${name} printed no address:\n${output().slice(-6000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends what npm started as well, as a terminal does; npm passes signals to no shell of Windows. */
function endTree({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  if (windows) execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"]);
  else process.kill(-pid, signal);
}

/** What a process prints, without colours. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let text = "";
  for (const stream of [stdout, stderr]) stream?.setEncoding("utf8").on("data", (part: string) => (text += part));
  // eslint-disable-next-line no-control-regex -- colours begin with one.
  return () => text.replaceAll(/\u001B\[[\d;]*m/g, "");
}

/** The environment of someone who knows nothing of this repository, nor of the npm that runs its tests. */
function strangersEnvironment(registry: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|vitest|node_env$|vite_|test$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    npm_config_registry: registry,
    npm_config_update_notifier: "false",
    npm_config_fund: "false",
    npm_config_audit: "false",
    NEXT_TELEMETRY_DISABLED: "1",
    CI: "1",
  };
}
