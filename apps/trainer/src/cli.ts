#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runCommandLine } from "./command-line.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

// Whoever reads the output may stop reading (`featuremap ... | head`); that is no failure of the command.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), version, {
  output: process.stdout,
  error: process.stderr,
  signals: process,
  quit: (code) => process.exit(code),
});
