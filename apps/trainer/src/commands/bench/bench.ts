import { availableParallelism, cpus } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type Device, type DeviceRequest, deviceNames, devices, openDevice } from "@featuremap/devices";
import { InvalidConfigError } from "@featuremap/tensor";
import { version_core as coreVersion } from "@tensorflow/tfjs-core";
import { type NetworkName, findNetwork } from "./networks.ts";
import { type KernelRecord, profileKernels } from "./profile-kernels.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { type Workload, inferenceWorkload, trainingWorkload } from "./workload.ts";
import { type DeviceDescription, describeDevice } from "../../device/device-description.ts";
import { benchOptions } from "../../options/commands/bench.ts";

/** Training steps, or predictions. */
export type BenchWork = "train" | "infer";

/** What to measure, for how long, and whom to tell. */
export interface BenchOptions {
  readonly work: BenchWork;
  /** Default: "n1". */
  readonly network?: NetworkName | undefined;
  /** Images a step or prediction; default 64. */
  readonly batchSize?: number | undefined;
  /** Measurements; default 7. */
  readonly rounds?: number | undefined;
  /** About as long as a measurement takes, which is one step at least; default 1. */
  readonly seconds?: number | undefined;
  /** Starts the first weights and the made-up images; default 1. */
  readonly seed?: number | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Also measures each kernel, after the rounds. */
  readonly kernels?: boolean;
  /** Ends the work, without a result. */
  readonly signal?: AbortSignal;
  readonly onStart?: (plan: BenchPlan) => void;
  readonly onRound?: (round: BenchRound) => void;
}

/** What is about to be measured, and on what. */
export interface BenchPlan {
  readonly work: BenchWork;
  readonly network: NetworkName;
  readonly parameters: number;
  readonly batchSize: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly seed: number;
  readonly device: DeviceDescription;
  /** Threads that compute; absent where the device does not say. */
  readonly threads?: number;
  /** Which of the wasm engine's binaries runs: "relaxed" or "simd128"; absent on other devices. */
  readonly binary?: string;
  readonly machine: { readonly processor: string; readonly cores: number };
  readonly versions: { readonly node: string; readonly "tfjs-core": string };
}

/** One measurement. */
export interface BenchRound {
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  readonly imagesPerSecond: number;
  /** Of a step or prediction. */
  readonly milliseconds: number;
}

/** What a kernel takes of a step or prediction, on average. */
export interface KernelShare extends KernelRecord {
  /** Part of the step's time, in [0, 1]. */
  readonly share: number;
  /** Billions of operations a second, where shapes tell the operations. */
  readonly gigaflops?: number;
}

/** A step or prediction by its kernels. */
export interface StepProfile {
  /** Of a step or prediction while its kernels were measured. */
  readonly milliseconds: number;
  /** Of those, what no kernel took: JavaScript, batches on their way to the device, results on theirs back. */
  readonly outside: number;
  /** Steps or predictions that this is the mean of. */
  readonly steps: number;
  readonly kernels: readonly KernelShare[];
}

/** What came out. */
export interface BenchResult extends BenchPlan {
  readonly imagesPerSecond: Spread;
  /** Of a step or prediction. */
  readonly milliseconds: Spread;
  readonly profile?: StepProfile;
}

/** Seconds of work before the first round: engines compile what runs often, and the device finds its memory. */
const warmUpSeconds = 0.5;

/**
 * Measures this machine's speed with a known network and made-up images.
 *
 * @throws {InvalidConfigError} `kernels` is asked of a device that works by itself.
 * @throws {UnavailableError} the device is not there.
 * @throws {AbortedError} the signal was aborted.
 */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { work, network: name = benchOptions.network.default, batchSize = benchOptions.batchSize.default } = options;
  const { rounds = benchOptions.rounds.default, seconds = benchOptions.seconds.default } = options;
  const { seed = benchOptions.seed.default, kernels = false } = options;
  const { device: request = "auto", threads, signal } = options;
  if (kernels) checkSynchronous(request);
  const network = findNetwork(name);
  const device = await openDevice(request, threads === undefined ? {} : { threads });
  let workload: Workload | undefined;
  try {
    if (kernels) checkSynchronous(device.name);
    const build = work === "train" ? trainingWorkload : inferenceWorkload;
    workload = build({ network, batchSize, seed, signal });
    const { parameters } = workload;
    const settings = { work, network: name, parameters, batchSize, rounds, seconds, seed };
    const plan: BenchPlan = { ...settings, ...describePlace(device) };
    options.onStart?.(plan);
    let rate = await warmUp(workload);
    const measured: BenchRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      const times = timesFor(seconds, rate);
      const taken = await timed(workload, times);
      rate = times / taken;
      const result = { round, rounds, imagesPerSecond: rate * batchSize, milliseconds: 1000 / rate };
      measured.push(result);
      options.onRound?.(result);
    }
    return {
      ...plan,
      imagesPerSecond: spreadOf(measured.map((round) => round.imagesPerSecond)),
      milliseconds: spreadOf(measured.map((round) => round.milliseconds)),
      ...(kernels && { profile: await profile(workload, device, timesFor(seconds, rate)) }),
    };
  } finally {
    workload?.dispose();
    await device.dispose();
  }
}

function checkSynchronous(device: DeviceRequest): void {
  if (device === "auto" || devices[device].isSynchronous) return;
  const synchronous = deviceNames("node").filter((name) => devices[name].isSynchronous);
  const expected = `used with ${synchronous.join(", ")}, whose kernels are done when they return`;
  throw new InvalidConfigError("bench", "--kernels", expected, device);
}

function describePlace(device: Device): Pick<BenchPlan, "device" | "threads" | "binary" | "machine" | "versions"> {
  const { threads, binary } = device;
  return {
    device: describeDevice(device),
    ...(threads !== undefined && { threads }),
    ...(binary !== undefined && { binary }),
    machine: { processor: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism() },
    versions: { node: process.versions.node, "tfjs-core": coreVersion },
  };
}

/** @returns times a second */
async function warmUp(workload: Workload): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const seconds = await timed(workload, times);
    if (seconds >= warmUpSeconds) return times / seconds;
  }
}

function timesFor(seconds: number, rate: number): number {
  return Math.max(1, Math.round(seconds * rate));
}

/** @returns seconds */
async function timed(workload: Workload, times: number): Promise<number> {
  // Between measurements Ctrl-C is heard.
  await setImmediate();
  const began = performance.now();
  await workload.run(times);
  return (performance.now() - began) / 1000;
}

async function profile(workload: Workload, device: Device, steps: number): Promise<StepProfile> {
  let seconds = 0;
  const records = await profileKernels(device.backend, async () => {
    seconds = await timed(workload, steps);
  });
  const milliseconds = (1000 * seconds) / steps;
  const kernels = records.map((record): KernelShare => {
    const { operations } = record;
    const each = record.milliseconds / steps;
    return {
      ...record,
      calls: record.calls / steps,
      milliseconds: each,
      bytes: record.bytes / steps,
      share: each / milliseconds,
      ...(operations !== undefined && {
        operations: operations / steps,
        gigaflops: operations / record.milliseconds / 1e6,
      }),
    };
  });
  const inside = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  return { milliseconds, outside: milliseconds - inside, steps, kernels };
}
