/**
 * A worker's whole life: it joins the shared memory, says so, and takes tasks until the backend is disposed.
 *
 * @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number, index: number }} start
 * @param {() => void} ready
 */
export function takeTasks({ module, memory, threads, index }, ready) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.initialize(threads, index, true);
  ready();
  try {
    exports.work();
  } catch (error) {
    exports.fail();
    throw error;
  }
}
