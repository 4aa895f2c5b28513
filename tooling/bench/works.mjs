/** @import { NetworkName } from "./networks.mjs" */

/**
 * What is measured.
 *
 * @typedef {object} Work
 * @property {WorkName} name
 * @property {string} title
 * @property {"train" | "predict"} kind
 * @property {NetworkName} network
 * @property {number} batchSize
 * @property {Readonly<Record<string, Target>>} targets By peer; a peer without one is measured all the same.
 */

/** @typedef {"train-n1" | "train-n3" | "predict-n1-64" | "predict-n1-1"} WorkName */

/**
 * What our throughput over a peer's has to be.
 *
 * @typedef {object} Target
 * @property {number} atLeast
 * @property {number} aim
 */

/** @param {number} atLeast @param {number} aim @returns {Target} */
const target = (atLeast, aim) => ({ atLeast, aim });

/** @type {readonly Work[]} */
export const works = [
  {
    name: "train-n1",
    title: "train N1, batch 64, RMSprop",
    kind: "train",
    network: "n1",
    batchSize: 64,
    targets: {
      "tfjs-node": target(2.5, 3.5),
      keras: target(1.5, 2),
      pytorch: target(0.75, 1.25),
      "one-thread": target(1.75, 1.9),
    },
  },
  {
    name: "train-n3",
    title: "train N3, batch 64, Adam",
    kind: "train",
    network: "n3",
    batchSize: 64,
    targets: { pytorch: target(0.75, 1.25) },
  },
  {
    name: "predict-n1-64",
    title: "predict N1, batch 64",
    kind: "predict",
    network: "n1",
    batchSize: 64,
    targets: { "tfjs-wasm": target(3, 5), "onnxruntime-web": target(3, 5) },
  },
  {
    name: "predict-n1-1",
    title: "predict N1, batch 1",
    kind: "predict",
    network: "n1",
    batchSize: 1,
    targets: { "onnxruntime-web": target(1, 2) },
  },
];

/** The work of that name. @param {string} name @returns {Work} */
export function findWork(name) {
  const work = works.find((entry) => entry.name === name);
  if (work === undefined)
    throw new Error(`unknown work ${name}; there are ${works.map((each) => each.name).join(", ")}`);
  return work;
}
