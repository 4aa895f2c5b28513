import { join, resolve } from "node:path";
import type { DeviceRequest } from "@featuremap/devices";
import { checkData } from "./check-data.ts";
import { checkDevices } from "./check-devices.ts";
import { checkCache, checkRunsFolder } from "./check-disk.ts";
import { checkMachine, readMachine } from "./check-machine.ts";
import { checkPackages } from "./check-packages.ts";
import { checkRun } from "./check-run.ts";
import { checkSharp } from "./check-sharp.ts";
import type { Finding } from "./finding.ts";
import { findPreset } from "../../data/presets/find-preset.ts";
import { newestRun } from "../../run/find-run.ts";
import { isOfRun } from "../../run/run-environment.ts";
import { usualRunsFolder } from "../../run/run-names.ts";
import { runPaths } from "../../run/run-paths.ts";

/** What to look at. */
export interface DoctorOptions {
  /** A run, by folder, name or "last"; or data that one could train on. */
  readonly subject?: string | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Where a data set with a name lies. */
  readonly dataFolder?: string | undefined;
  /** Where the command runs. */
  readonly folder: string;
  /** Of this package. */
  readonly version: string;
  /** Called as soon as something is known. */
  readonly onFinding?: (finding: Finding) => void;
}

/** How many findings of each kind there are. */
export interface DoctorResult {
  readonly ok: number;
  readonly warnings: number;
  readonly problems: number;
}

/** Looks at all that training and classifying need here. It changes and downloads nothing. */
export async function doctor(options: DoctorOptions): Promise<DoctorResult> {
  const { subject, device = "auto", threads, folder, onFinding } = options;
  const counts = { ok: 0, warning: 0, problem: 0 };
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      counts[finding.status]++;
      onFinding?.(finding);
    }
  };
  tell(checkMachine(await readMachine()));
  tell(checkPackages());
  tell(await checkSharp());
  tell(await checkDevices(device, { threads }));
  tell(await checkCache());
  tell([await checkRunsFolder(folder)]);
  if (subject !== undefined) tell(await checkSubject(subject, options));
  return { ok: counts.ok, warnings: counts.warning, problems: counts.problem };
}

async function checkSubject(
  subject: string,
  { folder, version, dataFolder }: DoctorOptions,
): Promise<readonly Finding[]> {
  const runs = resolve(folder, usualRunsFolder);
  const newest = subject === "last" ? await newestRun(runs) : undefined;
  for (const path of newest === undefined ? [resolve(folder, subject), join(runs, subject)] : [newest]) {
    if (await isOfRun(runPaths(path).environment)) return checkRun(path, { folder, version, dataFolder });
  }
  return checkData(findPreset(subject) === undefined ? resolve(folder, subject) : subject, dataFolder);
}
