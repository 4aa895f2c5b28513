import { InvalidConfigError, type OptionNames, UnavailableError, checkOptions } from "@featuremap/tensor";

import type { Device, DeviceReason, DeviceRequest, FailedDevice, OpenDeviceOptions } from "./device.ts";
import { type DeviceName, devices } from "./device-table.ts";
import { NotInstalledError } from "./openers/not-installed-error.ts";
import type { Platform } from "./platform.ts";

const optionNames: OptionNames<OpenDeviceOptions> = { threads: true };

/** More than any machine runs; a device may allow fewer. */
const MOST_THREADS = 1024;

const asked: DeviceReason = { kind: "asked", text: "it was asked for" };
const fastest: DeviceReason = { kind: "fastest", text: "the fastest here" };

/**
 * Opens what was asked for, or the first that works. With `auto`, `threads` is for those that have any.
 *
 * @throws {InvalidConfigError} there is no such device, an option is unknown, or `threads` does not fit the device.
 * @throws {UnavailableError} the device does not work here, or another platform has it; with `auto`, none works.
 */
export async function chooseDevice(
  request: DeviceRequest,
  options: OpenDeviceOptions,
  { name, openers, preference, instead }: Platform,
): Promise<Device> {
  const opener = request === "auto" ? undefined : openers.get(request);
  if (request !== "auto" && opener === undefined) {
    if (Object.keys(devices).some((each) => each === request)) {
      throw new UnavailableError(`openDevice: ${request} is not available in ${name}`, instead);
    }
    const names = ["auto", ...openers.keys()];
    const known = names.map((entry) => `"${entry}"`).join(", ");
    throw new InvalidConfigError(
      "openDevice",
      "device",
      `one of ${known} in ${name}${suggest(request, names)}`,
      request,
    );
  }
  checkOptions("openDevice", options, optionNames);
  const { threads } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new InvalidConfigError("openDevice", "threads", `an integer in [1, ${MOST_THREADS}]`, threads);
  }
  if (request === "auto" || opener === undefined) return openFirst(options, openers, preference);
  if (threads !== undefined && !devices[request].takesThreads) {
    throw new InvalidConfigError("openDevice", "threads", `absent for "${request}"`, threads);
  }
  return { name: request, backend: devices[request].backend, reason: asked, ...(await opener(options)) };
}

/** "gpu" means "webgpu" in a page and "node-gpu" in Node; "WASM" means "wasm". */
function suggest(request: unknown, names: readonly string[]): string {
  if (typeof request !== "string" || request === "") return "";
  const wanted = request.toLowerCase();
  const meant = names.find((name) => name.includes(wanted) || wanted.includes(name));
  return meant === undefined ? "" : ` (did you mean "${meant}"?)`;
}

async function openFirst(
  options: OpenDeviceOptions,
  openers: Platform["openers"],
  preference: readonly DeviceName[],
): Promise<Device> {
  const tried: FailedDevice[] = [];
  for (const name of preference) {
    const opener = openers.get(name);
    if (opener === undefined) continue;
    try {
      const { backend, takesThreads } = devices[name];
      const opened = await opener(takesThreads ? options : {});
      const problems = tried.filter(({ installed }) => installed).map(({ problem }) => problem);
      if (name === "cpu") warnOfCpu(problems);
      const reason = problems.length === 0 ? fastest : ({ kind: "fallback", text: problems.join("; ") } as const);
      return { name, backend, reason, tried, ...opened };
    } catch (error) {
      if (error instanceof InvalidConfigError) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      tried.push({ name, problem, installed: !(error instanceof NotInstalledError) });
    }
  }
  throw new UnavailableError("No device works here", tried.map(({ problem }) => problem).join("; "));
}

let warned = false;

/** Says once that what runs is many times slower than it should be: who does not look at the device would never know. */
function warnOfCpu(problems: readonly string[]): void {
  if (warned) return;
  warned = true;
  // oxlint-disable-next-line no-console -- WebAssembly runs everywhere, so something is broken.
  console.warn(`Featuremap computes in plain JavaScript, many times slower than it could. ${problems.join("; ")}`);
}
