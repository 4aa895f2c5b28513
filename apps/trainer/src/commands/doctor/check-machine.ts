import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { formatCount } from "../../terminal/format.ts";
import { type Finding, formatBytes } from "./finding.ts";
import { isTooOld, oldestNode } from "../../oldest-node.ts";

/** What a machine has, as far as the system tells. */
export interface Machine {
  /** "v20.19.0" */
  readonly node: string;
  /** "linux-x64" */
  readonly platform: string;
  readonly processor: string | undefined;
  readonly cores: number;
  /** That this process may run on, by affinity. */
  readonly usable: number;
  /** Cores that the container's quota is worth; undefined without one. */
  readonly quota: number | undefined;
  /** Of the processor's vector registers; undefined where the system does not tell. */
  readonly vectors: string | undefined;
  readonly memory: number;
  readonly freeMemory: number;
  /** The container's limit, where it is below the memory. */
  readonly memoryLimit: number | undefined;
  /** Bytes that JavaScript's own objects may take. */
  readonly heapLimit: number;
}

/** Bytes of free memory below which training may fail, and will. */
const [scarceMemory, noMemory] = [1e9, 2e8];

export async function readMachine(): Promise<Machine> {
  const processors = cpus();
  const memory = totalmem();
  const constrained = process.constrainedMemory();
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: processors[0]?.model.trim(),
    cores: processors.length,
    usable: availableParallelism(),
    quota: quotaOf(await readText("/sys/fs/cgroup/cpu.max")),
    vectors: vectorsOf(process.arch, await readText("/proc/cpuinfo")),
    memory,
    freeMemory: freemem(),
    memoryLimit: constrained > 0 && constrained < memory ? constrained : undefined,
    heapLimit: getHeapStatistics().heap_size_limit,
  };
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** Cores of `quota period`, as a container's `cpu.max` holds them. */
export function quotaOf(text: string): number | undefined {
  const [, quota, period] = /^(\d+) (\d+)/.exec(text) ?? [];
  return quota === undefined || period === undefined ? undefined : Number(quota) / Number(period);
}

/** The widest vector instructions of `/proc/cpuinfo`. */
export function vectorsOf(architecture: string, text: string): string | undefined {
  if (architecture === "arm64") return "NEON, 128 bits";
  const [, list = ""] = /^flags\s*:(.*)$/m.exec(text) ?? [];
  const flags = new Set(list.trim().split(" "));
  if (flags.has("avx512f")) return "AVX-512, 512 bits";
  if (flags.has("avx2")) return `AVX2${flags.has("fma") ? " with FMA" : ""}, 256 bits`;
  if (flags.has("sse4_1")) return "SSE4.1, 128 bits";
  return undefined;
}

/** What a machine is good for. */
export function checkMachine(machine: Machine): readonly Finding[] {
  return [checkNode(machine), checkProcessor(machine), checkMemory(machine)];
}

function checkNode({ node, platform }: Machine): Finding {
  const version = node.replace("v", "");
  const text = `Node ${version} on ${platform}`;
  if (!isTooOld(version)) return { topic: "node", status: "ok", text };
  return { topic: "node", status: "problem", text, remedy: `Install Node ${oldestNode} or newer.` };
}

function checkProcessor({ processor = "unknown processor", cores, usable, quota, vectors }: Machine): Finding {
  const has = [`${cores} ${cores === 1 ? "core" : "cores"}`, ...(vectors === undefined ? [] : [vectors])];
  const text = `${processor}: ${has.join(", ")}`;
  const allowed = Math.min(usable, quota ?? usable);
  if (allowed >= cores) return { topic: "processor", status: "ok", text };
  const threads = Math.max(1, Math.floor(allowed));
  return {
    topic: "processor",
    status: "warning",
    text: `${text}, of which this process may use ${Number(allowed.toFixed(1))}`,
    remedy: `Give --threads ${threads}: more threads only wait for each other.`,
  };
}

function checkMemory({ memory, freeMemory, memoryLimit, heapLimit }: Machine): Finding {
  const limit = memoryLimit === undefined ? "" : `, ${formatBytes(memoryLimit)} for this container`;
  const text = `${formatBytes(memory)} of memory, ${formatBytes(freeMemory)} free${limit}; JavaScript may take ${formatBytes(heapLimit)} of it`;
  const usable = Math.min(freeMemory, memoryLimit ?? freeMemory);
  if (usable >= scarceMemory) return { topic: "memory", status: "ok", text };
  const remedy = "Close other programs, or take smaller images (--image-size) and batches (--batch-size auto).";
  return { topic: "memory", status: usable < noMemory ? "problem" : "warning", text, remedy };
}

/** Free bytes below which a run may not be saved, and will not. */
const [scarceDisk, noDisk] = [1e9, 5e7];

/** Room on a disk. */
export function checkRoom(topic: string, what: string, free: number, remedy: string): Finding {
  const text = `${what}, where ${formatBytes(free)} are free`;
  if (free >= scarceDisk) return { topic, status: "ok", text };
  return { topic, status: free < noDisk ? "problem" : "warning", text, remedy };
}

/** "12 files". */
export function countedFiles(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "file" : "files"}`;
}
