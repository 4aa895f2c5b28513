import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { runCommand } from "../installation/command.mjs";
import { median } from "../statistics.mjs";

/**
 * What is measured of ours alone.
 *
 * @typedef {object} OwnWork
 * @property {OwnWorkName} name
 * @property {string} title
 * @property {string} unit
 * @property {number} below What the figure has to stay under.
 * @property {(threads: number) => Promise<number>} measure
 */

/** @typedef {"memory" | "start" | "size"} OwnWorkName */

/** @typedef {OwnWork & { figure?: number, failure?: string }} OwnFigure */

/** Fresh processes that register the backend. */
const starts = 9;

/** @type {readonly OwnWork[]} */
export const ownWorks = [
  {
    name: "memory",
    title: "peak resident size, training N1 on all of MNIST for an epoch",
    unit: "MB",
    below: 700,
    measure: (threads) => report("train-mnist.mjs", threads),
  },
  {
    name: "start",
    title: `registering the backend in Node, median of ${starts} fresh processes`,
    unit: "ms",
    below: 150,
    async measure(threads) {
      /** @type {number[]} */
      const times = [];
      for (let start = 0; start < starts; start++) times.push(await report("registration.mjs", threads));
      return median(times);
    },
  },
  {
    name: "size",
    title: "both kernel binaries, gzipped",
    unit: "KB",
    below: 150,
    async measure() {
      const entry = import.meta.resolve("@featuremap/backend-wasm");
      const files = ["relaxed", "simd128"].map((simd) => fileURLToPath(new URL(`../wasm/${simd}.wasm`, entry)));
      const binaries = await Promise.all(files.map((file) => readFile(file)));
      return binaries.reduce((sum, binary) => sum + gzipSync(binary, { level: 9 }).length, 0) / 1000;
    },
  },
];

/** The number that a program in a process of its own prints. @param {string} file @param {number} threads */
async function report(file, threads) {
  const program = fileURLToPath(new URL(`../workers/${file}`, import.meta.url));
  const output = await runCommand(process.execPath, [program, String(threads)]);
  const figure = Number(output.trim().split("\n").at(-1));
  if (!Number.isFinite(figure)) throw new Error(`${file} printed ${output.slice(0, 100)}`);
  return figure;
}

/**
 * Measures one after another.
 *
 * @param {readonly OwnWork[]} works
 * @param {{ threads: number, say: (text: string) => void }} options
 * @returns {Promise<OwnFigure[]>}
 */
export async function measureOwn(works, { threads, say }) {
  /** @type {OwnFigure[]} */
  const figures = [];
  for (const work of works) {
    try {
      const figure = await work.measure(threads);
      say(`${work.title}: ${figure.toFixed(1)} ${work.unit}`);
      figures.push({ ...work, figure });
    } catch (error) {
      figures.push({ ...work, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  return figures;
}
