/* From a fresh clone to a trained model in a page: what `npm start` runs. */
import { join } from "node:path";
import { runProcess, stopSignal } from "./processes.mjs";
import { UsageError, parseStartOptions, startHelp } from "./start-options.mjs";
import { build, install, root } from "./workspace.mjs";

const command = join(root, "apps", "trainer", "dist", "cli.js");

/** @param {readonly string[]} parameters @returns {Promise<number>} Exit code. */
async function featuremap(...parameters) {
  const { code } = await runProcess(process.execPath, [command, ...parameters], { cwd: root });
  return code;
}

/** @returns {Promise<number>} Exit code. */
async function start() {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  const steps = [
    install,
    build,
    () => featuremap("train", "mnist", "--out", options.out, ...options.train),
    ...(options.serve ? [() => featuremap("serve", join(options.out, "model"), ...options.serveArguments)] : []),
  ];
  for (const step of steps) {
    const code = await step();
    if (code !== 0 || stopSignal() !== undefined) return code;
  }
  return 0;
}

try {
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
