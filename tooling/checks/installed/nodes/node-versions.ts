import { tmpdir } from "node:os";
import { run } from "../run.ts";

/** The versions of Node that are promised to work: the even ones from the oldest that is supported to the newest. */
export const nodeVersions = ["20", "22", "24", "26"] as const;

const found = new Map<string, Promise<string>>();

/** Path of a Node of that major version, which npm keeps among the programs that npx has run. */
export function nodeOf(version: string): Promise<string> {
  const path = found.get(version) ?? findNode(version);
  found.set(version, path);
  return path;
}

async function findNode(version: string): Promise<string> {
  const parameters = ["--yes", "--package", `node@${version}`, "node", "-p", "process.execPath"];
  const path = (await run("npx", parameters, { cwd: tmpdir() })).trim();
  const itself = (await run(path, ["-p", "process.versions.node"], { cwd: tmpdir() })).trim();
  if (!itself.startsWith(`${version}.`)) throw new Error(`npm's node@${version} is Node ${itself}, at ${path}.`);
  return path;
}
