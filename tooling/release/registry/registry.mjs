import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../processes.mjs";
import { registryConfiguration } from "./configuration.mjs";

/**
 * A registry of our own at work.
 *
 * @typedef {object} Registry
 * @property {string} address with a slash at its end
 * @property {string} folder where it keeps everything; gone when it is closed
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<import("./configuration.mjs").NpmSettings & { readonly cafile?: string | null }>} */
async function npmSettings() {
  const windows = process.platform === "win32";
  const { code, output } = await runProcess("npm", ["config", "list", "--json"], { capture: true, shell: windows });
  if (code !== 0) throw new Error(`npm config list ended with ${code}: ${output}`);
  return JSON.parse(output);
}

/**
 * Starts an empty registry on a free port of this machine, in a temporary folder.
 *
 * @returns {Promise<Registry>}
 * @throws {Error} It does not start; the message says why.
 */
export async function startRegistry() {
  const npm = await npmSettings();
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const certificates = process.env["NODE_EXTRA_CA_CERTS"] ?? npm.cafile ?? undefined;
  const child = fork(join(import.meta.dirname, "server.mjs"), {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates },
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    await rm(folder, { recursive: true, force: true });
  };
  child.send(registryConfiguration(folder, npm));
  const answers = await Promise.race([once(child, "message"), once(child, "exit")]);
  /** @type {import("./server.mjs").ServerReport | number | null} */
  const report = answers[0];
  if (report !== null && typeof report === "object" && "port" in report) {
    return { address: `http://127.0.0.1:${report.port}/`, folder, close };
  }
  await close();
  throw new Error(`The registry does not start: ${typeof report === "object" ? report?.problem : `exit ${report}`}`);
}
