import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { setTimeout } from "node:timers/promises";

/**
 * @typedef {object} Machine
 * @property {string} processor Its model, as the system names it.
 * @property {string} vectors Widest vectors that it computes with: `AVX-512`, `AVX2`, `SSE`, `NEON` or `unknown`.
 * @property {number} cores
 * @property {number} memory In GiB.
 * @property {string} system
 * @property {string} node
 */

/** @returns {Machine} */
export function describeMachine() {
  const cores = cpus();
  return {
    processor: cores[0]?.model.trim() ?? "unknown processor",
    vectors: widestVectors(),
    cores: cores.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
  };
}

/** In one line of words. @param {Machine} machine */
export function formatMachine({ processor, vectors, cores, memory, system, node }) {
  return `${processor} with ${vectors}, ${cores} cores, ${memory} GiB, ${system}, Node ${node}`;
}

function widestVectors() {
  if (arch() === "arm64") return "NEON";
  if (arch() !== "x64") return "unknown";
  try {
    return vectorsOf(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return "unknown";
  }
}

/** What Linux tells of an x64 processor's flags. @param {string} information */
export function vectorsOf(information) {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(information)?.[1]?.trim().split(/\s+/));
  if (flags.has("avx512f")) return "AVX-512";
  return flags.has("avx2") ? "AVX2" : "SSE";
}

/**
 * How busy the cores are now, in [0, 1]: what other programs take while this one waits.
 *
 * Not the load average, which still counts what ended a minute ago.
 */
export async function busyShare() {
  const before = processorTimes();
  await setTimeout(1000);
  const after = processorTimes();
  const [idle, all] = [after.idle - before.idle, after.all - before.all];
  return all > 0 ? 1 - idle / all : 0;
}

function processorTimes() {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    all: user + nice + sys + idle + irq,
  }));
  return {
    idle: times.reduce((sum, core) => sum + core.idle, 0),
    all: times.reduce((sum, core) => sum + core.all, 0),
  };
}
