import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { OutOfMemoryError } from "@featuremap/tensor";
import { type DeviceFaults, useLess } from "./device-faults.ts";

type BufferManager = WebGPUBackend["bufferManager"];

/**
 * Makes a device refuse buffers past its limits and tell of those that it has no memory for, and TensorFlow.js's pool of
 * buffers not hand out the latter.
 *
 * @returns frees the buffers that no tensor uses
 */
export function checkBuffers(device: GPUDevice, pool: BufferManager, faults: DeviceFaults): () => void {
  const unusable = new WeakSet<GPUBuffer>();
  checkCreation(device, pool, faults, unusable);
  const idle = new Set<GPUBuffer>();
  const acquire = pool.acquireBuffer.bind(pool);
  const release = pool.releaseBuffer.bind(pool);
  pool.acquireBuffer = (...request) => {
    const buffer = acquire(...request);
    idle.delete(buffer);
    if (!unusable.has(buffer)) return buffer;
    release(buffer, false);
    return pool.acquireBuffer(...request);
  };
  pool.releaseBuffer = (buffer, reuse = true) => {
    const isKept = reuse && !unusable.has(buffer);
    release(buffer, isKept);
    if (isKept) idle.add(buffer);
  };
  return () => {
    for (const { size, usage } of idle) release(acquire(size, usage), false);
    idle.clear();
  };
}

function checkCreation(
  device: GPUDevice,
  pool: BufferManager,
  faults: DeviceFaults,
  unusable: WeakSet<GPUBuffer>,
): void {
  const createBuffer = device.createBuffer.bind(device);
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  device.createBuffer = (descriptor) => {
    const { size, usage } = descriptor;
    const inUse = pool.numBytesUsed;
    const refusal = (why: string, cause?: unknown): OutOfMemoryError =>
      new OutOfMemoryError(`WebGPU: a tensor of ${size} bytes ${why}`, size, inUse, useLess, { cause });
    const limit = usage & GPUBufferUsage.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (size > limit) throw refusal(`exceeds the ${limit} bytes that the GPU allows`);
    device.pushErrorScope("out-of-memory");
    const buffer = createBuffer(descriptor);
    const told = device.popErrorScope().catch(() => null);
    const allocation = told.then((error) => {
      if (error === null) return undefined;
      unusable.add(buffer);
      return refusal(`does not fit into the GPU's memory; ${inUse} are in use`, error);
    });
    faults.noteAllocation(allocation);
    return buffer;
  };
}
