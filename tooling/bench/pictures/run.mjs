import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { allocatorEnvironment } from "../peers/allocator.mjs";
import { describeMachine } from "../machine.mjs";
import { median } from "../statistics.mjs";
import { cache, picturesOf, python } from "./pictures.mjs";

/**
 * How fast files become batches, here and in Pillow, in turns: `node tooling/bench/pictures/run.mjs [rounds]`.
 *
 * Needs Python 3 with Pillow and numpy: in `FEATUREMAP_BENCH_PYTHON`, or `python3`. Writes runs/pictures.json.
 */
const here = fileURLToPath(new URL(".", import.meta.url));
const rounds = Number(process.argv[2] ?? 5);

/** What ours does, what Pillow does, and the ratio of images a second to reach. */
const works = [
  { name: "files of 256 x 256, cut out, flipped, colours changed", ours: "changed", theirs: "changed", aim: 1 },
  { name: "the same decoded at a half (scaledDecode: true)", ours: "scaled", theirs: "changed", aim: 2 },
  { name: "the same decoded at a quarter (scaledDecode: 1)", ours: "quarter", theirs: "changed", aim: 2 },
  { name: "the same from the second epoch on, kept decoded", ours: "kept", theirs: "changed", aim: 3 },
  { name: "files of 32 x 32", ours: "small", theirs: "small", aim: 0.7 },
];

class Program {
  #child;
  #lines;

  /** @param {string} command @param {readonly string[]} parameters @param {"warm" | "installed"} [allocator] */
  constructor(command, parameters, allocator) {
    this.#child = spawn(command, [...parameters], {
      stdio: ["pipe", "pipe", "inherit"],
      env: allocator === undefined ? process.env : allocatorEnvironment(process.env, allocator),
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Images a second. @param {string} work */
  async run(work) {
    this.#child.stdin.write(`${work}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${work}: the process has ended`);
    const { images, seconds } = JSON.parse(value);
    return images / seconds;
  }

  stop() {
    this.#child.stdin.end();
  }
}

const folders = [picturesOf(256, 2000), picturesOf(32, 10_000)];
const ours = new Program(process.execPath, [join(here, "featuremap.mjs"), ...folders, join(cache, "kept-pictures")]);
const theirs = new Program(python, [join(here, "pillow.py"), ...folders], "warm");
const results = [];
for (const { name, ours: own, theirs: other, aim } of works) {
  // The first time loads, compiles and decodes what is kept.
  await ours.run(own);
  await theirs.run(other);
  /** @type {[number, number][]} */
  const pairs = [];
  for (let round = 0; round < rounds; round++) pairs.push([await ours.run(own), await theirs.run(other)]);
  const ratio = median(pairs.map(([mine, peer]) => mine / peer));
  const speed = [0, 1].map((side) => Math.round(median(pairs.map((pair) => pair[side] ?? 0))));
  results.push({ name, ours: speed[0], pillow: speed[1], ratio, aim });
  console.log(`${name}: ${speed[0]} images/s, Pillow ${speed[1]}, ratio ${ratio.toFixed(2)} (aim ${aim})`);
}
ours.stop();
theirs.stop();
mkdirSync(resolve("runs"), { recursive: true });
writeFileSync(
  resolve("runs", "pictures.json"),
  `${JSON.stringify({ machine: describeMachine(), results }, undefined, 2)}\n`,
);
