import { arch, cpus, release, totalmem, type } from "node:os";
import { setTimeout } from "node:timers/promises";

/** The machine in one line of words. */
export function describeMachine() {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cores.length} cores, ${memory} GiB, ${type()} ${release()} ${arch()}, Node ${process.versions.node}`;
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
