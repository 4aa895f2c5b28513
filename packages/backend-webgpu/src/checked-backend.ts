import { WebGPUBackend, type WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { DeviceFailureError, OutOfMemoryError } from "@featuremap/tensor";
import { type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { checkBuffers } from "./checked-buffers.ts";
import { DeviceFaults, useLess } from "./device-faults.ts";
import { keepingNan } from "./kernels/keep-nan.ts";

type Uniforms = Parameters<WebGPUBackend["runWebGPUProgram"]>[3];

/**
 * TensorFlow.js's backend, but that it gives no values of work that failed: to read them, or to compute with them, throws
 * the device's error. Work past the device's limits is refused before it is sent.
 *
 * Cost: three error scopes for each read back, whose answers come before the values do; one for each buffer that is made,
 * which a pool makes rare.
 */
export class CheckedBackend extends WebGPUBackend {
  readonly #faults: DeviceFaults;
  readonly #freeIdleBuffers: () => void;

  constructor(device: GPUDevice, information: GPUAdapterInfo) {
    super(device, information);
    this.#faults = new DeviceFaults(device);
    this.#freeIdleBuffers = checkBuffers(device, this.bufferManager, this.#faults);
  }

  /**
   * @throws {OutOfMemoryError} a tensor, or the number of workgroups, is past the device's limits.
   * @throws {FeaturemapError} the device is lost, or the work failed that was to compute an input.
   */
  override runWebGPUProgram(
    program: WebGPUProgram,
    inputs: TensorInfo[],
    outputDtype: DataType,
    uniforms?: Uniforms,
    output?: TensorInfo,
  ): TensorInfo {
    for (const { dataId } of inputs) this.#faults.check(dataId);
    this.#checkWorkgroups(program);
    const result = output ?? this.makeTensorInfo(program.outputShape, outputDtype);
    try {
      super.runWebGPUProgram(keepingNan(program), inputs, outputDtype, uniforms, result);
    } catch (error) {
      if (output === undefined) this.disposeData(result.dataId);
      throw error;
    }
    this.#faults.noteOutput(result.dataId);
    return result;
  }

  override async read(dataId: object): ReturnType<WebGPUBackend["read"]> {
    this.#faults.check(dataId);
    const values = await super.read(dataId);
    // Another read back at the same time may have learned that the tensor's own work failed.
    this.#faults.check(dataId);
    return values;
  }

  /** Does not learn of errors that the device has not told yet: that takes time, which only {@link read} gives. */
  override readSync(dataId: object): ReturnType<WebGPUBackend["readSync"]> {
    this.#faults.check(dataId);
    return super.readSync(dataId);
  }

  override async getBufferData(buffer: GPUBuffer): Promise<ArrayBuffer> {
    const reading = super.getBufferData(buffer);
    const [[read], error] = await Promise.all([Promise.allSettled([reading]), this.#faults.settle()]);
    if (error instanceof OutOfMemoryError) this.#freeIdleBuffers();
    if (error !== undefined) throw error;
    if (read.status === "rejected") throw await this.#faults.explain(read.reason);
    return read.value;
  }

  /** Uploads apart from the commands that wait, so that weights do not go down with those that fail. */
  override uploadToGPU(dataId: object): void {
    const data = this.tensorMap.get(dataId);
    const { values, dtype, resource } = data;
    if (resource || !util.isTypedArray(values)) {
      super.uploadToGPU(dataId);
      return;
    }
    const Elements = dtype === "float32" ? Float32Array : Int32Array;
    const elements = values instanceof Elements ? values : new Elements(values);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.bufferManager.acquireBuffer(elements.byteLength, usage);
    this.queue.writeBuffer(buffer, 0, elements);
    Object.assign(data, { resource: buffer, values: null });
  }

  /** @throws {DeviceFailureError} a shader does not compile. */
  override async checkCompileCompletionAsync(): Promise<void> {
    try {
      await super.checkCompileCompletionAsync();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const what = `WebGPU: the GPU's compiler rejects a kernel (${reason})`;
      throw new DeviceFailureError(what, "Use another device.", { cause });
    }
  }

  /** TensorFlow.js lays more workgroups than fit along x over y and z too, where a kernel has none along these. */
  #checkWorkgroups({ dispatch, dispatchLayout: { y, z }, outputShape }: WebGPUProgram): void {
    const most = this.device.limits.maxComputeWorkgroupsPerDimension;
    const isFlat = y === undefined && z === undefined;
    if (isFlat || dispatch.every((count) => count <= most)) return;
    const bytes = util.sizeFromShape(outputShape) * 4;
    const what = `WebGPU: a tensor of ${bytes} bytes needs ${dispatch.join(" x ")} workgroups; the GPU allows ${most}`;
    throw new OutOfMemoryError(what, bytes, this.bufferManager.numBytesUsed, useLess);
  }
}
