// Registers the backend, and prints how many milliseconds pass until it is ready; loading the packages is not counted.
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { ready, setBackend } from "@tensorflow/tfjs-core";

const began = performance.now();
const { name } = await registerWasmBackend({ threads: Number(process.argv[2]) });
await setBackend(name);
await ready();
console.log(performance.now() - began);
process.exit(0);
