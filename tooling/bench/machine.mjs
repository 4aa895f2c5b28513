import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

/** The machine in one line of words. */
export function describeMachine() {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cores.length} cores, ${memory} GiB, ${type()} ${release()} ${arch()}, Node ${process.versions.node}`;
}

/** Programs that wanted to run in the last minute, on average; 0 on Windows, which does not say. */
export function machineLoad() {
  return loadavg()[0] ?? 0;
}
