import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RunOptions, run } from "./run.ts";

/** A package manager, of the version that is tried here. */
export type PackageManager = "npm" | "pnpm" | "yarn";

/** What an `npm install` is with each. */
const installers: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ["npm", "install", "--no-audit", "--no-fund"],
  pnpm: ["pnpm", "add", "--ignore-workspace", "--prefer-offline"],
  yarn: ["npx", "--yes", "yarn@1.22.22", "add", "--no-lockfile", "--ignore-engines"],
};

/** A project outside the repository, in which nothing is installed. */
export interface EmptyProject {
  readonly folder: string;
  /** @param packages names, perhaps with versions */
  install(packages: readonly string[]): Promise<void>;
  /** Writes a file; its path is relative to the project. */
  write(path: string, text: string): Promise<void>;
  run(command: string, parameters: readonly string[], options?: Partial<RunOptions>): Promise<string>;
  remove(): Promise<void>;
}

/** @param registry address of the registry that has the packages of this repository */
export async function createProject(manager: PackageManager, registry: string): Promise<EmptyProject> {
  const folder = await mkdtemp(join(tmpdir(), `stranger-${manager}-`));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write("package.json", JSON.stringify({ name: "stranger", version: "1.0.0", private: true, type: "module" }));
  await write(".npmrc", `@featuremap:registry=${registry}\n`);
  const runHere: EmptyProject["run"] = (command, parameters, options = {}) =>
    run(command, parameters, { cwd: folder, ...options });
  return {
    folder,
    write,
    run: runHere,
    async install(packages) {
      const [command = "", ...parameters] = installers[manager];
      await runHere(command, [...parameters, ...packages]);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
