import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installNpmPackages } from "./installation/npm-packages.mjs";
import { installOnnxruntimeWeb } from "./installation/onnxruntime-web.mjs";
import { installPythonPackages } from "./installation/python-packages.mjs";
import { installTfjsNode } from "./installation/tfjs-node.mjs";

/** @import { WorkName } from "./works.mjs" */

/**
 * How to start a peer's worker; cache folder and number of threads follow the parameters.
 *
 * @typedef {object} Program
 * @property {string} command
 * @property {readonly string[]} parameters
 */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} title
 * @property {readonly WorkName[]} works
 * @property {number} [threads] Instead of what was asked for.
 * @property {string} [remark] For the table's notes.
 * @property {(cache: string) => Promise<Program>} install Brings the peer into the cache, unless it is there.
 */

/** @param {string} file */
const worker = (file) => fileURLToPath(new URL(`workers/${file}`, import.meta.url));

/** @param {string} file @returns {Program} */
const nodeProgram = (file) => ({ command: process.execPath, parameters: [worker(file)] });

/** @type {readonly WorkName[]} */
const training = ["train-n1", "train-n3"];

/** @type {readonly WorkName[]} */
const prediction = ["predict-n1-64", "predict-n1-1"];

/** What every peer is compared with: the built packages of this repository. @type {Peer} */
export const ours = {
  name: "featuremap",
  title: "Featuremap",
  works: [...training, ...prediction],
  install: async () => nodeProgram("featuremap.mjs"),
};

/** @type {readonly Peer[]} */
export const peers = [
  {
    name: "pytorch",
    title: "PyTorch, channels_last",
    works: [...training, ...prediction],
    install: async (cache) => {
      const packages = process.platform === "linux" ? ["torch==2.13.0+cpu"] : ["torch==2.13.0"];
      const python = await installPythonPackages(join(cache, "pytorch"), packages, [
        "--extra-index-url",
        "https://download.pytorch.org/whl/cpu",
      ]);
      return { command: python, parameters: [worker("pytorch.py")] };
    },
  },
  {
    name: "keras",
    title: "Keras on TensorFlow",
    works: [...training, ...prediction],
    install: async (cache) => {
      const python = await installPythonPackages(join(cache, "keras"), ["keras==3.15.1", "tensorflow-cpu==2.21.0"]);
      return { command: python, parameters: [worker("keras-tensorflow.py")] };
    },
  },
  {
    name: "tfjs-node",
    title: "tfjs-node",
    works: [...training, ...prediction],
    remark: "Its binding is built from its own source on the libtensorflow of the `tensorflow-cpu` wheel.",
    install: async (cache) => {
      await installTfjsNode(join(cache, "tfjs-node"), join(cache, "keras"));
      return nodeProgram("tfjs-node.mjs");
    },
  },
  {
    name: "tfjs-wasm",
    title: "tfjs-backend-wasm",
    works: prediction,
    remark:
      "It cannot train a CNN. By itself it takes one thread in Node, and half of the cores in a page; here it is made to take as many as the others.",
    install: async (cache) => {
      const packages = ["core", "layers", "backend-cpu", "backend-wasm"].map(
        (name) => `@tensorflow/tfjs-${name}@4.22.0`,
      );
      await installNpmPackages(join(cache, "tfjs-wasm"), packages);
      return nodeProgram("tfjs-wasm.mjs");
    },
  },
  {
    name: "onnxruntime-web",
    title: "onnxruntime-web, wasm",
    works: prediction,
    remark: "It cannot train.",
    install: async (cache) => {
      await installOnnxruntimeWeb(cache, worker("onnx-model.py"));
      return nodeProgram("onnxruntime-web.mjs");
    },
  },
  {
    name: "one-thread",
    title: "Featuremap on one thread",
    works: ["train-n1"],
    threads: 1,
    install: ours.install,
  },
];
