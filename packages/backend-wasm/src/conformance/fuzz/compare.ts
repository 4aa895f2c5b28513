import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type TensorInfo, getKernel } from "@tensorflow/tfjs-core";
import { BACKEND_NAME, type WasmBackend } from "../../engine/backend.ts";
import type { HostTensor } from "./draw.ts";
import type { KernelCase, Operation } from "./operation.ts";

/** What a kernel gave: tensors, or its error. */
type Outcome = readonly HostTensor[] | string;

/** The backends to compare. */
export interface Backends {
  readonly cpu: MathBackendCPU;
  readonly wasm: WasmBackend;
}

/**
 * Runs a call on this backend and finds how its outcome differs from the CPU backend's, or the operation's reference.
 *
 * @param placed whether inputs are moved into the WebAssembly memory first; else the kernel itself has to
 * @returns a sentence, or `undefined` where they agree
 */
export function difference(
  operation: Operation,
  call: KernelCase,
  placed: boolean,
  { cpu, wasm }: Backends,
): string | undefined {
  const runOnCpu = (wanted: KernelCase): HostTensor[] => {
    const outcome = run(wanted, "cpu", cpu);
    if (typeof outcome === "string") throw new TypeError(`${outcome} (${JSON.stringify(wanted.attrs)})`);
    return [...outcome];
  };
  const before = wasm.numDataIds();
  const actual = run(call, BACKEND_NAME, wasm, placed ? (tensor) => void wasm.pointer(tensor) : undefined);
  const left = wasm.numDataIds() - before;
  // The CPU backend's kernels keep what they made before an error.
  if (left !== 0 && typeof actual !== "string") return `leaves ${left} tensors behind`;
  const expected = operation.reference?.(call, runOnCpu) ?? run(call, "cpu", cpu);
  if (typeof expected === "string" || typeof actual === "string") {
    if (typeof expected === typeof actual) return undefined;
    return typeof actual === "string"
      ? `fails: ${actual}`
      : `gives a result where the CPU backend fails: ${String(expected)}`;
  }
  if (actual.length !== expected.length) return `gives ${actual.length} tensors for ${expected.length}`;
  for (const [index, wanted] of expected.entries()) {
    const found = compareTensors(actual[index], wanted, operation);
    if (found !== undefined) return expected.length > 1 ? `result ${index}: ${found}` : found;
  }
  return undefined;
}

function run(
  { kernel, inputs, attrs }: KernelCase,
  backendName: string,
  backend: MathBackendCPU,
  prepare?: (tensor: TensorInfo) => void,
): Outcome {
  const made: TensorInfo[] = [];
  const place = ({ shape, dtype, values }: HostTensor): TensorInfo => {
    const tensor = backend.makeTensorInfo([...shape], dtype, values.slice());
    made.push(tensor);
    prepare?.(tensor);
    return tensor;
  };
  const placed = Array.isArray(inputs)
    ? inputs.map(place)
    : Object.fromEntries(
        Object.entries(inputs as Record<string, HostTensor>).map(([name, host]) => [name, place(host)]),
      );
  try {
    const call = { inputs: placed, attrs, backend } as unknown as Parameters<
      ReturnType<typeof getKernel>["kernelFunc"]
    >[0];
    const results = [getKernel(kernel, backendName).kernelFunc(call)].flat();
    made.push(...results);
    return results.map(({ dataId, shape, dtype }) => ({
      shape: [...shape],
      dtype: dtype as HostTensor["dtype"],
      values: backend.readSync(dataId) as HostTensor["values"],
    }));
  } catch (error) {
    return error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  } finally {
    for (const { dataId } of made) backend.disposeData(dataId);
  }
}

function compareTensors(
  actual: HostTensor | undefined,
  expected: HostTensor,
  { tolerance = 4e-6, by = "tensor" }: Operation,
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
    const allowed = exact ? 0 : tolerance * (by === "tensor" ? largest : Math.max(1, Math.abs(wanted)));
    const same = Number.isFinite(wanted) ? Math.abs(value - wanted) <= allowed : Object.is(value, wanted);
    if (!same) return `has ${value} for ${wanted} at element ${index} of [${expected.shape.join()}]`;
  }
  return undefined;
}
