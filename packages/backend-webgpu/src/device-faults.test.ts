import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkBuffers } from "./checked-buffers.ts";
import { DeviceFaults } from "./device-faults.ts";

class GPUError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

class GPUOutOfMemoryError extends GPUError {}
class GPUValidationError extends GPUError {}

beforeAll(() => {
  vi.stubGlobal("GPUOutOfMemoryError", GPUOutOfMemoryError);
  vi.stubGlobal("GPUBufferUsage", { STORAGE: 128 });
});
afterAll(() => vi.unstubAllGlobals());

interface Scope {
  readonly filter: string;
  error: GPUError | null;
}

/** A device with scopes as WebGPU has them, whose errors a test raises. */
class FakeDevice {
  readonly limits = { maxBufferSize: 1000, maxStorageBufferBindingSize: 500 };
  readonly scopes: Scope[] = [];
  lose: (information: GPUDeviceLostInfo) => void = () => undefined;
  readonly lost = new Promise<GPUDeviceLostInfo>((resolve) => {
    this.lose = resolve;
  });
  hasMemory = true;
  made = 0;

  addEventListener(): void {}

  pushErrorScope(filter: string): void {
    this.scopes.push({ filter, error: null });
  }

  popErrorScope(): Promise<GPUError | null> {
    return Promise.resolve(this.scopes.pop()?.error ?? null);
  }

  raise(filter: string, error: GPUError): void {
    const scope = this.scopes.findLast((each) => each.filter === filter);
    if (scope !== undefined) scope.error ??= error;
  }

  createBuffer(descriptor: GPUBufferDescriptor): object {
    this.made++;
    if (!this.hasMemory) this.raise("out-of-memory", new GPUOutOfMemoryError("no memory"));
    return { ...descriptor };
  }
}

function open(): { device: FakeDevice; faults: DeviceFaults } {
  const device = new FakeDevice();
  return { device, faults: new DeviceFaults(device as unknown as GPUDevice) };
}

const invalid = new GPUValidationError("the buffer is invalid");

describe("the faults of a device", () => {
  test("an error is that of the read back after it, and of all that was computed since the one before", async () => {
    const { device, faults } = open();
    const [before, lost, after] = [{}, {}, {}];
    faults.noteOutput(before);
    await expect(faults.settle()).resolves.toBeUndefined();
    faults.noteOutput(lost);
    device.raise("validation", invalid);
    await expect(faults.settle()).resolves.toMatchObject({ code: "DEVICE_FAILURE", cause: invalid });
    faults.noteOutput(after);
    await expect(faults.settle()).resolves.toBeUndefined();
    expect(() => faults.check(lost)).toThrow("the buffer is invalid");
    expect(() => faults.check(before)).not.toThrow();
    expect(() => faults.check(after)).not.toThrow();
  });

  test("of read backs at the same time, the second does not overtake the first", async () => {
    const { device, faults } = open();
    const lost = {};
    faults.noteOutput(lost);
    device.raise("internal", invalid);
    void faults.settle();
    await faults.settle();
    expect(() => faults.check(lost)).toThrow("the buffer is invalid");
  });

  test("a lost device computes and gives nothing more", async () => {
    const { device, faults } = open();
    device.lose({ reason: "unknown", message: "the driver crashed" } as GPUDeviceLostInfo);
    await expect(faults.settle()).resolves.toMatchObject({ code: "DEVICE_LOST" });
    expect(() => faults.check({})).toThrow("the driver crashed");
    await expect(faults.explain(new Error("aborted"))).resolves.toMatchObject({ code: "DEVICE_LOST" });
  });
});

/** The pool as TensorFlow.js has it, for one size. */
class FakePool {
  readonly numBytesUsed = 64;
  readonly free: object[] = [];
  readonly destroyed: object[] = [];
  readonly #device: FakeDevice;

  constructor(device: FakeDevice) {
    this.#device = device;
  }

  acquireBuffer(size: number, usage: number): object {
    return this.free.pop() ?? this.#device.createBuffer({ size, usage });
  }

  releaseBuffer(buffer: object, reuse = true): void {
    (reuse ? this.free : this.destroyed).push(buffer);
  }
}

describe("buffers", () => {
  function openPool(): { device: FakeDevice; faults: DeviceFaults; pool: FakePool; freeIdle: () => void } {
    const { device, faults } = open();
    const pool = new FakePool(device);
    const freeIdle = checkBuffers(device as never, pool as never, faults);
    return { device, faults, pool, freeIdle };
  }

  test.for([
    [501, 128],
    [1001, 0],
  ] as const)("of %s bytes and usage %s are refused past the device's limits", ([size, usage]) => {
    const { device, pool } = openPool();
    expect(() => pool.acquireBuffer(size, usage)).toThrow(
      expect.objectContaining({ code: "OUT_OF_MEMORY", bytesWanted: size, bytesInUse: 64 }),
    );
    expect(device.made).toBe(0);
  });

  test("that there is no memory for are the error of the next read back, before what is invalid for it", async () => {
    const { device, faults, pool } = openPool();
    device.hasMemory = false;
    pool.acquireBuffer(400, 128);
    device.raise("validation", invalid);
    await expect(faults.settle()).resolves.toMatchObject({ code: "OUT_OF_MEMORY", bytesWanted: 400 });
    await expect(faults.settle()).resolves.toBeUndefined();
  });

  test("that there was no memory for are not used again, released before that was known or after", async () => {
    const { device, faults, pool } = openPool();
    device.hasMemory = false;
    const [early, late] = [pool.acquireBuffer(400, 128), pool.acquireBuffer(400, 128)];
    pool.releaseBuffer(early);
    await faults.settle();
    pool.releaseBuffer(late);
    device.hasMemory = true;
    expect([early, late]).not.toContain(pool.acquireBuffer(400, 128));
    expect(new Set(pool.destroyed)).toEqual(new Set([early, late]));
  });

  test("that no tensor uses make room", () => {
    const { pool, freeIdle } = openPool();
    const [idle, used] = [pool.acquireBuffer(400, 128), pool.acquireBuffer(400, 128)];
    pool.releaseBuffer(idle);
    freeIdle();
    expect(pool.destroyed).toEqual([idle]);
    expect(pool.acquireBuffer(400, 128)).not.toBe(used);
  });
});
