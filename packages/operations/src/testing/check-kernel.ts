import type { RandomStream } from "@featuremap/tensor";
import { type KernelBackend, type KernelFunc, type TensorInfo, getKernel } from "@tensorflow/tfjs-core";
import type { Tolerance } from "../contract/kernel.ts";
import type { HostTensor } from "../references/host-tensor.ts";

/** One call of a kernel. */
export interface KernelCase {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, HostTensor>> | readonly HostTensor[];
  readonly attrs: object;
}

/** Runs a kernel on the CPU backend; what is expected may need several. */
export type RunOnCpu = (call: KernelCase) => Promise<HostTensor[]>;

/** A kernel and how its calls are drawn. */
export interface KernelCheck {
  /** The kernel's name, or more where one kernel has several kinds of call. */
  readonly name: string;
  readonly generate: (random: RandomStream) => KernelCase;
  /** What the result should be, where the CPU backend has no such kernel or is known to be wrong. */
  readonly expected?: (call: KernelCase, runOnCpu: RunOnCpu) => HostTensor[] | Promise<HostTensor[]>;
  /** Default: 4e-6 of the largest number of the result. */
  readonly tolerance?: Tolerance;
}

/** Where a kernel runs. */
export interface Device {
  /** As TensorFlow.js knows the backend. */
  readonly name: string;
  readonly backend: KernelBackend;
  /** Moves an input to where the kernel finds it; else the kernel itself has to. */
  readonly place?: ((tensor: TensorInfo) => void) | undefined;
}

/** What a kernel gave: tensors, or its error. */
type Outcome = HostTensor[] | string;

/**
 * Runs a call on a device and finds how its outcome differs from what is expected, or from the CPU backend's.
 *
 * @returns a sentence, or `undefined` where they agree
 */
export async function checkKernel(
  check: KernelCheck,
  call: KernelCase,
  device: Device,
  cpu: Device,
): Promise<string | undefined> {
  const runOnCpu = async (wanted: KernelCase): Promise<HostTensor[]> => {
    const outcome = await run(wanted, cpu);
    if (typeof outcome === "string") throw new TypeError(`${outcome} (${JSON.stringify(wanted.attrs)})`);
    return outcome;
  };
  const before = device.backend.numDataIds();
  const actual = await run(call, device);
  const left = device.backend.numDataIds() - before;
  // The CPU backend's kernels keep what they made before an error.
  if (left !== 0 && typeof actual !== "string") return `leaves ${left} tensors behind`;
  const expected = (await check.expected?.(call, runOnCpu)) ?? (await run(call, cpu));
  if (typeof expected === "string" || typeof actual === "string") {
    if (typeof expected === typeof actual) return undefined;
    return typeof actual === "string"
      ? `fails: ${actual}`
      : `gives a result where the CPU backend fails: ${String(expected)}`;
  }
  if (actual.length !== expected.length) return `gives ${actual.length} tensors for ${expected.length}`;
  for (const [index, wanted] of expected.entries()) {
    const found = compareTensors(actual[index], wanted, check.tolerance);
    if (found !== undefined) return expected.length > 1 ? `result ${index}: ${found}` : found;
  }
  return undefined;
}

/** The input of that name. */
export function inputOf({ inputs }: KernelCase, name: string): HostTensor {
  const input = (inputs as Readonly<Record<string, HostTensor>>)[name];
  if (input === undefined) throw new RangeError(`There is no input ${name}.`);
  return input;
}

async function run({ kernel, inputs, attrs }: KernelCase, { name, backend, place }: Device): Promise<Outcome> {
  const made: TensorInfo[] = [];
  const put = ({ shape, dtype, values }: HostTensor): TensorInfo => {
    const tensor = { dataId: backend.write(values.slice(), [...shape], dtype), shape: [...shape], dtype };
    made.push(tensor);
    place?.(tensor);
    return tensor;
  };
  const entries = Object.entries(inputs).map(([input, host]: [string, HostTensor]) => [input, put(host)] as const);
  const placed = Array.isArray(inputs) ? entries.map(([, tensor]) => tensor) : Object.fromEntries(entries);
  try {
    const call = { inputs: placed, attrs, backend } as Parameters<KernelFunc>[0];
    const results = [getKernel(kernel, name).kernelFunc(call)].flat();
    made.push(...results);
    return await Promise.all(
      results.map(async ({ dataId, shape, dtype }) => ({
        shape: [...shape],
        dtype: dtype as HostTensor["dtype"],
        values: (await backend.read(dataId)) as HostTensor["values"],
      })),
    );
  } catch (error) {
    return error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  } finally {
    for (const { dataId } of made) backend.disposeData(dataId);
  }
}

function compareTensors(
  actual: HostTensor | undefined,
  expected: HostTensor,
  tolerance: Tolerance = { error: 4e-6, of: "tensor" },
): string | undefined {
  if (actual === undefined) return "is missing";
  if (actual.dtype !== expected.dtype) return `is ${actual.dtype} for ${expected.dtype}`;
  if (actual.shape.join() !== expected.shape.join())
    return `has shape [${actual.shape.join()}] for [${expected.shape.join()}]`;
  if (actual.values.length !== expected.values.length)
    return `holds ${actual.values.length} values for ${expected.values.length}`;
  let largest = 1;
  for (const value of expected.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const exact = expected.dtype !== "float32";
  for (const [index, wanted] of expected.values.entries()) {
    const value = actual.values[index] ?? Number.NaN;
    const scale = tolerance.of === "tensor" ? largest : Math.max(1, Math.abs(wanted));
    const allowed = exact ? 0 : tolerance.error * scale;
    const same = Number.isFinite(wanted) ? Math.abs(value - wanted) <= allowed : Object.is(value, wanted);
    if (!same) return `has ${value} for ${wanted} at element ${index} of [${expected.shape.join()}]`;
  }
  return undefined;
}
