import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProcess } from "./processes.mjs";

/** Folder of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The one pnpm of this repository, as package.json names it for every tool: "pnpm@10.34.8". @type {string} */
export const packageManager = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;

const stampFile = join(root, "node_modules", ".featuremap-installed");

// Windows may spell it `Path`.
const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";

/** Environment of every program run here: the installed tools on the path, nobody phoned, no advertisement printed. */
export const toolEnvironment = {
  ...process.env,
  [pathName]: `${join(root, "node_modules", ".bin")}${delimiter}${process.env[pathName] ?? ""}`,
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  DO_NOT_TRACK: "1",
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  npm_config_audit: "false",
};

/** Folders of the workspace's packages. @returns {string[]} */
export function packageFolders() {
  return ["packages", "apps", "tooling"].flatMap((group) => {
    if (!existsSync(join(root, group))) return [];
    return readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, "package.json")))
      .map((entry) => join(root, group, entry.name));
  });
}

/** What an installation depends on, as one hash: change any of it, and the next start installs again. */
function installFingerprint() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "package.json",
    ...packageFolders().map((folder) => join(folder.slice(root.length), "package.json")),
  ];
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function isInstalled() {
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== installFingerprint()) return false;
  return packageFolders().every((folder) => existsSync(join(folder, "node_modules")));
}

/**
 * Installs exactly what the lockfile says, unless that is already there.
 *
 * @returns {Promise<number>} Exit code.
 */
export async function install() {
  if (isInstalled()) return 0;
  console.log("Installing the dependencies ...");
  const showProgress = process.stdout.isTTY;
  const { code, output } = await runProcess(
    "npx",
    [
      "--yes",
      packageManager,
      "install",
      "--frozen-lockfile",
      "--config.confirmModulesPurge=false",
      ...(showProgress ? [] : ["--reporter=append-only"]),
    ],
    {
      cwd: root,
      env: { ...toolEnvironment, npm_config_loglevel: "error" },
      capture: !showProgress,
      // `npx` is a batch file there.
      shell: process.platform === "win32",
    },
  );
  if (code === 0) writeFileSync(stampFile, installFingerprint());
  else process.stderr.write(output);
  return code;
}

/**
 * Runs one task in every package that has it, through turbo, which skips what has not changed.
 *
 * @param {"build" | "types"} task
 * @param {{ capture?: boolean }} [options]
 */
export function runTask(task, { capture = false } = {}) {
  return runProcess(
    process.execPath,
    [
      join(root, "node_modules", "turbo", "bin", "turbo"),
      "run",
      task,
      "--output-logs=errors-only",
      "--continue=dependencies-successful",
    ],
    { cwd: root, env: toolEnvironment, capture },
  );
}

/**
 * Builds every package.
 *
 * @returns {Promise<number>} Exit code.
 */
export async function build() {
  console.log("Building ...");
  const { code, output } = await runTask("build", { capture: true });
  if (code !== 0) process.stderr.write(output);
  return code;
}
