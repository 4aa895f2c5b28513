import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * @typedef {object} ProcessResult
 * @property {number} code Exit code; 128 + the signal's number where a signal ended the process.
 * @property {string} output Standard output and error in the order they came, where they were captured.
 */

const forwarded = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @type {NodeJS.Signals | undefined} */
let stoppedBy;

/** The signal that asked this process to stop, if one did. @returns {NodeJS.Signals | undefined} */
export function stopSignal() {
  return stoppedBy;
}

/** Keeps signals from ending this process at once, so that it can tidy up where {@link stopSignal} tells it to stop. */
export function heedSignals() {
  for (const signal of forwarded) process.on(signal, () => (stoppedBy ??= signal));
}

/**
 * Runs a program to its end. Signals that would end this process go to the program, which decides how to stop.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, shell?: boolean }} [options]
 * @returns {Promise<ProcessResult>}
 */
export function runProcess(command, parameters, { cwd, env = process.env, capture = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd,
      env,
      shell,
      stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
      windowsHide: true,
    });
    const listeners = forwarded.map((signal) => {
      const listener = () => {
        stoppedBy ??= signal;
        child.kill(signal);
      };
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    const release = () => listeners.forEach((remove) => remove());
    /** @type {Buffer[]} */
    const pieces = [];
    child.stdout?.on("data", (/** @type {Buffer} */ piece) => pieces.push(piece));
    child.stderr?.on("data", (/** @type {Buffer} */ piece) => pieces.push(piece));
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (code, signal) => {
      release();
      resolve({
        code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        output: Buffer.concat(pieces).toString(),
      });
    });
  });
}
