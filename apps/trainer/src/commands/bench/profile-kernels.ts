import {
  type KernelConfig,
  type TensorInfo,
  findBackend,
  getKernelsForBackend,
  registerKernel,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import { type KernelWork, kernelWork } from "./kernel-work.ts";

/** All runs of a kernel with the same shapes, where its work follows from them; else all its runs. */
export interface KernelRecord {
  readonly kernel: string;
  /** "64x28x28x1 * 3x3x1x32" */
  readonly shapes?: string;
  readonly calls: number;
  /** Spent in the kernel itself, without the kernels that it runs. */
  readonly milliseconds: number;
  /** Multiplications and additions of all runs, a pair counting two. */
  readonly operations?: number;
  /** Read from inputs and written to outputs, each once a run. */
  readonly bytes: number;
}

/**
 * Measures every kernel of a backend while some work runs, the ones that take the longest first.
 *
 * For that time each registered kernel stands behind one that looks at the clock. So it measures backends whose kernels
 * are done when they return, or that have a `finish`; others would have only their starts measured.
 * An optimizer's step in place, which is not a kernel, is measured as `updateInPlace`.
 *
 * @param backend name of the tfjs backend
 */
export async function profileKernels(backend: string, work: () => Promise<void>): Promise<KernelRecord[]> {
  const records = new Records(finisher(findBackend(backend)));
  const kernels = getKernelsForBackend(backend);
  replaceKernels(kernels.map((config) => watched(config, records)));
  const stopWatching = watchUpdates(findBackend(backend), records);
  try {
    await work();
  } finally {
    stopWatching();
    replaceKernels(kernels);
  }
  return records.list();
}

function replaceKernels(kernels: readonly KernelConfig[]): void {
  for (const config of kernels) {
    unregisterKernel(config.kernelName, config.backendName);
    registerKernel(config);
  }
}

function watched(config: KernelConfig, records: Records): KernelConfig {
  return {
    ...config,
    kernelFunc(call) {
      const { result, milliseconds } = records.time(() => config.kernelFunc(call));
      const { inputs, attrs: attributes = {} } = call;
      const outputs = Array.isArray(result) ? result : [result];
      const kernel = config.kernelName;
      records.add(kernel, milliseconds, kernelWork({ kernel, inputs, attributes, outputs }));
      return result;
    },
  };
}

/** What waits for the threads of a backend that returns from a kernel while they still compute. */
function finisher(backend: object): () => void {
  const finish: unknown = Reflect.get(backend, "finish");
  return typeof finish === "function" ? () => void Reflect.apply(finish, backend, []) : () => {};
}

/** What `@featuremap/training` asks a backend for: one pass over all weights. */
type UpdateInPlace = (step: {
  readonly weights: readonly { readonly weight: TensorInfo; readonly slots: readonly TensorInfo[] }[];
}) => boolean;

function watchUpdates(backend: object, records: Records): () => void {
  const update: unknown = Reflect.get(backend, "updateInPlace");
  if (typeof update !== "function") return () => {};
  const watchedUpdate: UpdateInPlace = (step) => {
    const { result, milliseconds } = records.time(() => Boolean(Reflect.apply(update, backend, [step])));
    // Weight and slots are read and written, the gradient is read.
    const bytes = step.weights.reduce(
      (sum, { weight, slots }) => sum + 4 * (3 + 2 * slots.length) * util.sizeFromShape(weight.shape),
      0,
    );
    if (result) records.add("updateInPlace", milliseconds, { bytes });
    return result;
  };
  Reflect.set(backend, "updateInPlace", watchedUpdate);
  return () => Reflect.deleteProperty(backend, "updateInPlace");
}

class Records {
  readonly #records = new Map<string, KernelRecord>();
  /** Milliseconds that the kernels inside each one under way have taken. */
  readonly #inner: number[] = [];
  readonly #finish: () => void;

  /** @param finish waits until the device is done */
  constructor(finish: () => void) {
    this.#finish = finish;
  }

  /** Runs a kernel, with the time that it takes itself. */
  time<Result>(run: () => Result): { readonly result: Result; readonly milliseconds: number } {
    this.#inner.push(0);
    const began = performance.now();
    try {
      const result = run();
      this.#finish();
      const taken = performance.now() - began;
      return { result, milliseconds: taken - (this.#inner.at(-1) ?? 0) };
    } finally {
      const taken = performance.now() - began;
      this.#inner.pop();
      const outer = this.#inner.length - 1;
      if (outer >= 0) this.#inner[outer] = (this.#inner[outer] ?? 0) + taken;
    }
  }

  add(kernel: string, milliseconds: number, { operations, shapes, bytes }: KernelWork): void {
    const key = `${kernel} ${shapes ?? ""}`;
    const known = this.#records.get(key);
    this.#records.set(key, {
      kernel,
      ...(shapes === undefined ? {} : { shapes }),
      calls: (known?.calls ?? 0) + 1,
      milliseconds: (known?.milliseconds ?? 0) + milliseconds,
      ...(operations === undefined ? {} : { operations: (known?.operations ?? 0) + operations }),
      bytes: (known?.bytes ?? 0) + bytes,
    });
  }

  list(): KernelRecord[] {
    return [...this.#records.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
  }
}
