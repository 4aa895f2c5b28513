import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { command } from "../published-packages.ts";
import { run } from "../run.ts";

/** Variables without which a program cannot reach the registry, or on Windows not even start. */
const kept = [
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "SystemRoot",
  "ComSpec",
  "PATHEXT",
  "TEMP",
];

/** Somebody's machine with Node and nothing else: an empty home, an empty folder, npm's own settings. */
export interface FreshMachine {
  readonly folder: string;
  /** Runs `npx featuremap@<version>` to its end, and gives what it printed. */
  featuremap(...parameters: readonly string[]): Promise<string>;
  /** Starts it, waits for the address that it prints, and gives that and a way to press Ctrl-C. */
  serve(...parameters: readonly string[]): Promise<{ readonly address: string; close(): Promise<void> }>;
  remove(): Promise<void>;
}

/** Where npm itself lies: the npm package `node` brings none. */
async function npxProgram(): Promise<string> {
  const modules = (await run("npm", ["root", "--global"], { cwd: tmpdir() })).trim();
  return join(modules, "npm", "bin", "npx-cli.js");
}

/** @param node path of the Node that the machine has */
export async function createFreshMachine(node: string, registry: string): Promise<FreshMachine> {
  const root = await mkdtemp(join(tmpdir(), "machine-"));
  const folder = join(root, "project");
  const home = join(root, "home");
  await Promise.all([mkdir(folder), mkdir(home)]);
  const npx = await npxProgram();
  const system = process.platform === "win32" ? (process.env["PATH"] ?? "") : ["/usr/bin", "/bin"].join(delimiter);
  const environment = {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    PATH: `${dirname(node)}${delimiter}${system}`,
    HOME: home,
    USERPROFILE: home,
    npm_config_registry: registry,
  };
  const start = (parameters: readonly string[]): ChildProcess =>
    spawn(node, [npx, "--yes", `featuremap@${command.version}`, ...parameters], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, as a terminal makes one: Ctrl-C goes to npx and to what it has started.
      detached: true,
    });
  return {
    folder,
    async featuremap(...parameters) {
      const child = start(parameters);
      let printed = "";
      child.stdout?.on("data", (text: Buffer) => (printed += text.toString()));
      child.stderr?.on("data", (text: Buffer) => (printed += text.toString()));
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(`featuremap ${parameters.join(" ")} ended with ${code}:\n${printed}`);
      return printed;
    },
    async serve(...parameters) {
      const child = start(["serve", ...parameters]);
      const ended = once(child, "close");
      const close = async (): Promise<void> => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
        await ended;
      };
      let printed = "";
      const address = new Promise<string>((resolve, reject) => {
        const listen = (text: Buffer): void => {
          printed += text.toString();
          const found = /http:\/\/localhost:\d+\//.exec(printed)?.[0];
          if (found !== undefined) resolve(found);
        };
        child.stdout?.on("data", listen);
        child.stderr?.on("data", listen);
        void ended.then(() => reject(new Error(`featuremap serve ended:\n${printed}`)));
      });
      return { address: await address, close };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
