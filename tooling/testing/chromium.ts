import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const installedPaths: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    `${process.env["ProgramFiles"] ?? ""}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env["ProgramFiles(x86)"] ?? ""}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env["LOCALAPPDATA"] ?? ""}\\Google\\Chrome\\Application\\chrome.exe`,
  ],
};

/** Where apt-get and a package named `chromium` that is not a snap stub can be counted on. */
function isDebianAsRoot(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Runs an installer to its end; its output is shown only where it fails. */
function runInstaller(command: string, parameters: readonly string[], minutes: number): string | undefined {
  const result = spawnSync(command, parameters, {
    encoding: "utf8",
    timeout: minutes * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" },
  });
  if (result.status === 0) return undefined;
  const reason = result.error?.message ?? `${result.stderr}${result.stdout}`.trim().split("\n").at(-1);
  return `${command} ${parameters.join(" ")}: ${reason ?? "failed"}`;
}

function installWithApt(): string | undefined {
  const install = ["install", "--yes", "--no-install-recommends", "chromium"];
  if (runInstaller("apt-get", install, 10) === undefined) return undefined;
  return runInstaller("apt-get", ["update"], 5) ?? runInstaller("apt-get", install, 10);
}

function installWithPlaywright(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve("playwright-core/package.json"));
  // The system libraries that a download lacks can only be added by root.
  const withDependencies = process.platform === "linux" && process.getuid?.() === 0 ? ["--with-deps"] : [];
  return runInstaller(
    process.execPath,
    [join(folder, "cli.js"), "install", ...withDependencies, "--no-shell", "chromium"],
    10,
  );
}

function findChromium(): string | undefined {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => ["chromium", "google-chrome"].map((name) => join(folder, name)));
  return [chromium.executablePath(), ...(installedPaths[process.platform] ?? []), ...onPath].find((path) =>
    existsSync(path),
  );
}

/**
 * Path of a Chromium: Playwright's own download, else one that is installed, else one installed now (with apt-get on
 * Debian as root, with Playwright's downloader anywhere else).
 *
 * @throws {Error} There is none and none could be installed; the message says what was tried.
 */
export function chromiumPath(): string {
  const present = findChromium();
  if (present !== undefined) return present;
  const failures: string[] = [];
  for (const attempt of isDebianAsRoot() ? [installWithApt, installWithPlaywright] : [installWithPlaywright]) {
    const failure = attempt();
    const installed = findChromium();
    if (installed !== undefined) return installed;
    failures.push(failure ?? "the installer ended without installing it");
  }
  throw new Error(`No Chromium for the browser tests. Install Chrome or Chromium. Tried: ${failures.join("; ")}`);
}

/**
 * Starts a headless Chromium whose WebGPU runs on the CPU, so that results are the same on every machine.
 *
 * @param switches more of Chromium's own, such as those of a camera that is not there
 */
export function launchChromium(switches: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // Chromium refuses to start its sandbox as root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...switches,
    ],
  });
}
