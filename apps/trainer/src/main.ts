import { readFileSync } from "node:fs";
import { UnavailableError } from "@featuremap/tensor";
import { runCommandLine } from "./command-line.ts";
import { exitCodes } from "./terminal/exit-codes.ts";
import { printLine } from "./terminal/print.ts";
import { createSafeOutput } from "./terminal/safe-output.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

// Node ignores the signal, and tells of it by an error. A command that does not listen ends here, as it would elsewhere.
const output = createSafeOutput(process.stdout, () => {
  if (!process.emit("SIGPIPE", "SIGPIPE")) process.exit(exitCodes.readerGone);
});
const error = createSafeOutput(process.stderr);
const dialogue = { input: process.stdin, output: process.stdout };
const isDialogue = process.stdin.isTTY && process.stdout.isTTY;
const quit = (exitCode: number): void => process.exit(exitCode);
const code = await runCommandLine(process.argv.slice(2), {
  version,
  environment: process.env,
  // Whoever asks for help needs none.
  get folder() {
    return workingFolder();
  },
  terminal: { output, error, input: process.stdin, signals: process, quit, ...(isDialogue ? { dialogue } : {}) },
});
const failure = await output.finish();
if (failure !== undefined) printLine(error, `featuremap: Cannot write to standard output (${failure.message}).`);
process.exitCode = failure !== undefined && code === exitCodes.success ? exitCodes.failure : code;

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new UnavailableError("The folder that this runs in is gone", "Go to one that exists.", { cause });
  }
}
