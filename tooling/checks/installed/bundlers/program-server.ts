import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import type { EmptyProject } from "../empty-project.ts";
import type { ServedPage } from "./page-server.ts";

/** Starts a server that is a program of the project, and waits for the address that it prints. */
export function startServer(
  project: EmptyProject,
  program: string,
  parameters: readonly string[],
): Promise<ServedPage> {
  // A group of its own: what it has started ends with it.
  const child = spawn(process.execPath, [program, ...parameters], { cwd: project.folder, detached: true });
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    child.once("close", () => {
      ended = true;
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    if (!ended && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await exit;
  };
  return new Promise((resolve, reject) => {
    let output = "";
    const listen = (text: Buffer): void => {
      // Some colour the port apart.
      output += stripVTControlCharacters(text.toString());
      const address = /http:\/\/localhost:\d+\/?/.exec(output)?.[0];
      if (address !== undefined) resolve({ address: `${address.replace(/\/$/, "")}/`, close });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    void exit.then(() => reject(new Error(`${program} ${parameters.join(" ")} ended:\n${output}`)));
  });
}
