/** Bytes kept of what is said about a failure. */
const REPORT_BYTES = 1000;

/**
 * A worker's whole life: it joins the shared memory, says so, and takes tasks until the backend is disposed.
 *
 * @param {{
 *   module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number, index: number, patience: number
 * }} start
 * @param {() => void} ready
 * @param {(kernels: WebAssembly.Exports) => void} work
 */
export function takeTasks({ module, memory, threads, index, patience }, ready, work = (kernels) => kernels.work()) {
  const env = { memory, now: () => performance.now(), waited() {} };
  const { exports } = new WebAssembly.Instance(module, { env });
  exports.initialize(threads, index, true, patience);
  ready();
  try {
    work(exports);
  } catch (error) {
    // The caller, who may be waiting, hears of it through the memory: no message reaches a thread that waits.
    const report = new TextEncoder().encode(String(error)).subarray(0, REPORT_BYTES);
    const address = exports.failureReport();
    new Uint8Array(memory.buffer, address + 4, report.length).set(report);
    new DataView(memory.buffer).setUint32(address, report.length, true);
    exports.fail();
    throw error;
  }
}
