/* From a fresh clone to a trained model in a page: what `npm start` runs. */
import { once } from "node:events";
import { createServer } from "node:net";
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

/**
 * Told before minutes of training, not after; `featuremap serve` reports every other trouble with the address.
 *
 * @param {number} port
 */
async function isPortInUse(port) {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  } finally {
    server.close();
  }
}

/** @returns {Promise<number>} Exit code. */
async function start() {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  if (options.serve && (await isPortInUse(options.port))) {
    console.error(
      `npm start: port ${options.port} is in use; choose another with --port, or --port 0 for any free one.`,
    );
    return 1;
  }
  const bundle = join(options.out, "model");
  const steps = [
    install,
    build,
    () => featuremap("train", "mnist", "--out", options.out, ...options.train),
    ...(options.serve
      ? [() => featuremap("serve", bundle, "--port", `${options.port}`, ...options.serveArguments)]
      : []),
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
