import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describeMachine } from "../machine.mjs";
import { median } from "../statistics.mjs";

/**
 * How much longer `featuremap train` takes than `Trainer.fit` alone with the same pictures, network and steps, in turns:
 * `node tooling/bench/pictures/command.mjs <folder> [rounds] [threads] [pictures]`. The folder has a folder for each class.
 *
 * Both are processes of their own. Counted is what lies between the end of the first epoch and that of the last: steps, the
 * validation after each epoch and, of the command, checkpoints, history, events for TensorBoard and what it prints. That both do the
 * same work is seen from their losses, which have to be alike to the bit. Where the system tells, the processors' time is counted, which
 * other programs disturb less; and the clock's. Writes runs/command.json.
 */
const [folder, roundsText = "5", threads = "1", limit = "2000"] = process.argv.slice(2);
if (folder === undefined) throw new Error("command.mjs: give a folder with a folder of pictures for each class");
const epochs = 4;
const most = 0.03;
const command = fileURLToPath(new URL("../../../apps/trainer/dist/cli.js", import.meta.url));
const fit = fileURLToPath(new URL("fit-process.mjs", import.meta.url));
const workers = threads === "1" ? "0" : "1";
const words =
  `--model small --limit ${limit} --epochs ${epochs} --batch-size 32 --optimizer adam --learning-rate 0.001 ` +
  `--schedule constant --augment light --label-smoothing 0 --image-size 32 --device wasm --threads ${threads} --workers ${workers} --no-report`;

/** Seconds of all processors, where the system tells. @param {number | undefined} pid */
function processorTime(pid) {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = readFileSync(path, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * What lies between the ends of the first and the last epoch.
 *
 * @param {readonly string[]} given arguments of `node`
 * @returns {Promise<{ clock: number, processors: number, losses: unknown[] }>} seconds
 */
async function timed(given) {
  const child = spawn(process.execPath, [...given], { stdio: ["ignore", "pipe", "inherit"] });
  const moments = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, epoch, loss, val_loss } = JSON.parse(line);
    if (event !== "epoch") continue;
    moments.push({
      epoch,
      clock: performance.now() / 1000,
      processors: processorTime(child.pid),
      losses: [loss, val_loss],
    });
  }
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined || moments.length !== epochs) throw new Error(`${given[0]} failed`);
  return {
    clock: last.clock - first.clock,
    processors: last.processors - first.processors,
    losses: moments.map(({ losses }) => losses),
  };
}

const runs = mkdtempSync(join(tmpdir(), "featuremap-bench-command-"));
/** @type {{ clock: number, processors: number }[]} */
const pairs = [];
try {
  for (let round = 0; round < Number(roundsText); round++) {
    const out = join(runs, String(round));
    const mine = await timed([command, "train", folder, ...words.split(" "), "--out", out, "--json"]);
    const alone = await timed([fit, out]);
    if (JSON.stringify(mine.losses) !== JSON.stringify(alone.losses)) {
      throw new Error(`The losses differ: ${JSON.stringify(mine.losses)} and ${JSON.stringify(alone.losses)}`);
    }
    const pair = { clock: mine.clock / alone.clock, processors: mine.processors / alone.processors };
    pairs.push(pair);
    console.log(
      `round ${round + 1}: ${pair.processors.toFixed(4)} of the processors' time, ${pair.clock.toFixed(4)} of the clock's`,
    );
    rmSync(out, { recursive: true });
  }
} finally {
  rmSync(runs, { recursive: true, force: true });
}
const ratio = {
  processors: median(pairs.map(({ processors }) => processors)),
  clock: median(pairs.map(({ clock }) => clock)),
};
const percent = (/** @type {number} */ share) => `${(100 * (share - 1)).toFixed(2)} %`;
console.log(
  `The command takes ${percent(ratio.processors)} more of the processors' time (aim: less than ${100 * most} %), ${percent(ratio.clock)} of the clock's`,
);
mkdirSync(resolve("runs"), { recursive: true });
writeFileSync(
  resolve("runs", "command.json"),
  `${JSON.stringify({ machine: describeMachine(), words, pairs, ratio, most }, undefined, 2)}\n`,
);
