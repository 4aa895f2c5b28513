import { spawn } from "node:child_process";

/**
 * Runs a program to its end, and keeps what it prints for the case that it fails.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} Its standard output.
 * @throws {Error} it cannot be started or fails; the message ends with the last it said.
 */
export function runCommand(command, parameters, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      // `npm` is a batch file there.
      shell: process.platform === "win32" && !command.endsWith(".exe"),
    });
    let output = "";
    let everything = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      everything += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (everything += text));
    child.once("error", (error) => reject(new Error(`${command} does not start: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${parameters.join(" ")}: exit code ${code}; ${lastLines(everything)}`));
    });
  });
}

/** The end of what a program said, on one line, with the last error before it that it names. @param {string} text */
export function lastLines(text) {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const end = lines.slice(-3);
  // Node prints an error's fields and its own version below it.
  const error = lines.slice(0, -3).findLast((line) => /^\w*(?:Error|Exception)\b.*:/.test(line));
  return [...(error === undefined ? [] : [error]), ...end].join(" | ");
}
