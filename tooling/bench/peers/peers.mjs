import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installNpmPackages } from "../installation/npm-packages.mjs";
import { writeOnnxModels } from "../installation/onnx-models.mjs";
import { installPythonPackages } from "../installation/python-packages.mjs";
import { installTfjsNode } from "../installation/tfjs-node.mjs";

/** @import { Work } from "../works/works.mjs" */

/**
 * How to start a peer's worker; cache folder and number of threads follow the parameters.
 *
 * @typedef {object} Program
 * @property {string} command
 * @property {readonly string[]} parameters
 */

/**
 * How a native peer's memory is had: `warm` keeps what it once took from the system; `installed` is as the C library
 * does it, which gives large blocks back at once and takes fresh pages for the next ones.
 *
 * @typedef {"warm" | "installed"} Allocator
 */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} library What `--peers` chooses: the same with either allocator.
 * @property {string} title
 * @property {(work: Work) => boolean} does Which works it can do.
 * @property {Allocator | undefined} [allocator] Of native peers.
 * @property {number} [threads] Instead of what was asked for.
 * @property {number} [checkSteps] Instead of the network's, where a step takes seconds.
 * @property {string} [remark] For the table's notes.
 * @property {(cache: string) => Promise<Program>} install Brings the peer into the cache, unless it is there.
 */

/** @param {string} file */
const worker = (file) => fileURLToPath(new URL(`../workers/${file}`, import.meta.url));

/** @param {string} file @returns {Program} */
const nodeProgram = (file) => ({ command: process.execPath, parameters: [worker(file)] });

const everything = () => true;

/** @param {Work} work */
const prediction = ({ kind }) => kind === "predict";

/** What every peer is compared with: the built packages of this repository. @type {Peer} */
export const ours = {
  name: "featuremap",
  library: "featuremap",
  title: "Featuremap",
  does: everything,
  install: async () => nodeProgram("featuremap.mjs"),
};

/** Peers that take their memory from the C library. @type {readonly Omit<Peer, "library" | "allocator">[]} */
const nativePeers = [
  {
    name: "pytorch",
    title: "PyTorch",
    does: everything,
    remark: "Eager, channels_last.",
    install: async (cache) => {
      const packages = [process.platform === "linux" ? "torch==2.13.0+cpu" : "torch==2.13.0", "numpy==2.4.6"];
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
    does: everything,
    install: async (cache) => {
      const python = await installPythonPackages(join(cache, "keras"), ["keras==3.15.1", "tensorflow-cpu==2.21.0"]);
      return { command: python, parameters: [worker("keras-tensorflow.py")] };
    },
  },
  {
    name: "tfjs-node",
    title: "tfjs-node",
    does: everything,
    remark: "Its binding is built from its own source on the libtensorflow of the `tensorflow-cpu` wheel.",
    install: async (cache) => {
      await installTfjsNode(join(cache, "tfjs-node"), join(cache, "keras"));
      return nodeProgram("tfjs-node.mjs");
    },
  },
  {
    name: "onnxruntime-node",
    title: "onnxruntime-node",
    does: prediction,
    remark: "It cannot train.",
    install: async (cache) => {
      await installNpmPackages(join(cache, "onnxruntime-node"), ["onnxruntime-node@1.30.0"]);
      await writeOnnxModels(cache, worker("onnx-model.py"));
      return nodeProgram("onnxruntime-node.mjs");
    },
  },
];

/** @type {readonly Peer[]} */
export const peers = [
  ...nativePeers.flatMap((peer) => [
    { ...peer, library: peer.name, allocator: /** @type {const} */ ("warm") },
    {
      ...peer,
      name: `${peer.name}-installed`,
      library: peer.name,
      title: `${peer.title}, as installed`,
      allocator: /** @type {const} */ ("installed"),
    },
  ]),
  {
    name: "tfjs-wasm",
    library: "tfjs-wasm",
    title: "tfjs-backend-wasm",
    does: prediction,
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
    library: "onnxruntime-web",
    title: "onnxruntime-web, wasm",
    does: prediction,
    remark: "It cannot train.",
    install: async (cache) => {
      await installNpmPackages(join(cache, "onnxruntime-web"), ["onnxruntime-web@1.30.0"]);
      await writeOnnxModels(cache, worker("onnx-model.py"));
      return nodeProgram("onnxruntime-web.mjs");
    },
  },
  {
    name: "jax-js",
    library: "jax-js",
    title: "jax-js, wasm",
    does: ({ name }) => name === "train-n1",
    checkSteps: 6,
    remark:
      "By itself it takes one thread in Node, and all cores in a page; here it is made to take as many as the others. A step takes seconds, so only N1's training is measured.",
    install: async (cache) => {
      await installNpmPackages(join(cache, "jax-js"), ["@jax-js/jax@0.1.25"]);
      return nodeProgram("jax-js.mjs");
    },
  },
  {
    name: "one-thread",
    library: "one-thread",
    title: "Featuremap on one thread",
    does: ({ name }) => name === "train-n1",
    threads: 1,
    install: ours.install,
  },
];

/** What `--peers` takes. */
export const libraries = [...new Set(peers.map(({ library }) => library))];
