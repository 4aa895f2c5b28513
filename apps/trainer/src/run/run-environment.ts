import { cpus, totalmem } from "node:os";
import { readFileIfAny, writeFileWhole } from "@featuremap/files";
import type { DeviceDescription } from "../device/device-description.ts";

/** What tells a run's folder from others. */
const format = "featuremap-run";
/** Bytes of such a file at most. */
const largest = 2 ** 20;

/** Writes what a run runs on. @param version of the command */
export async function writeEnvironment(
  file: string,
  {
    version,
    device,
    threads,
  }: { readonly version: string | undefined; readonly device: DeviceDescription; readonly threads: number | undefined },
): Promise<void> {
  const processors = cpus();
  const environment = {
    format,
    featuremap: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: processors[0]?.model.trim(),
    cores: processors.length,
    memory: totalmem(),
    device,
    threads,
    started: new Date().toISOString(),
  };
  await writeFileWhole(file, `${JSON.stringify(environment, undefined, 2)}\n`);
}

/** Whether a run wrote this file. */
export async function isOfRun(file: string): Promise<boolean> {
  const bytes = await readFileIfAny(file, { limit: largest }).catch(() => undefined);
  if (bytes === undefined) return false;
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof found === "object" && found !== null && Reflect.get(found, "format") === format;
  } catch {
    return false;
  }
}
