// Trains N1 on all of MNIST for an epoch, and prints the most memory that the process ever held, in MB.
import { registerWasmBackend } from "@featuremap/backend-wasm";
import { mnist } from "@featuremap/datasets";
import { RMSprop, Trainer } from "@featuremap/training";
import { setBackend } from "@tensorflow/tfjs-core";
import { buildModel } from "./featuremap-model.mjs";

const { name } = await registerWasmBackend({ threads: Number(process.argv[2]) });
await setBackend(name);
const { train } = await mnist();
const trainer = new Trainer(buildModel("n1"), { optimizer: new RMSprop(), loss: "sparseCategoricalCrossentropy" });
const { history } = await trainer.fit(train.batch(64, { seed: 1 }), { epochs: 1 });
const [loss = Number.NaN] = history["loss"] ?? [];
if (!(loss < 0.5)) throw new Error(`it does not learn: its loss is ${loss}`);
console.log((process.resourceUsage().maxRSS * 1024) / 1e6);
process.exit(0);
