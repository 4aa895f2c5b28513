import { networks } from "./networks.mjs";

/** @import { NetworkName } from "./networks.mjs" */

/**
 * What is measured.
 *
 * @typedef {object} Work
 * @property {string} name
 * @property {string} title
 * @property {"train" | "predict"} kind
 * @property {NetworkName} network
 * @property {number} batchSize
 * @property {Readonly<Record<string, Aim>>} aims By peer; a peer without one is measured all the same.
 */

/**
 * What our throughput over a peer's has to be, where the processor's vectors matter for each width: WebAssembly's have
 * 128 bits whatever the processor has.
 *
 * @typedef {number | { readonly "AVX2"?: number, readonly "AVX-512"?: number }} Aim
 */

/** @type {Readonly<Record<NetworkName, { batchSize: number, aims: Work["aims"] }>>} */
const trainings = {
  n1: {
    batchSize: 64,
    aims: { pytorch: { AVX2: 1, "AVX-512": 0.9 }, keras: 1.2, "tfjs-node": 2.5, "one-thread": 1.8 },
  },
  n3: { batchSize: 64, aims: { pytorch: { AVX2: 1, "AVX-512": 0.9 }, keras: 1.2, "tfjs-node": 2.5 } },
  resnet20: { batchSize: 64, aims: { pytorch: { AVX2: 0.8 } } },
  mobilenetv2: { batchSize: 32, aims: { pytorch: { AVX2: 0.8 } } },
};

const predictionAims = { "onnxruntime-web": 3, "tfjs-wasm": 3 };

/** @param {NetworkName} network @returns {Work[]} */
function worksOf(network) {
  const { title, optimizer } = networks[network];
  const { batchSize, aims } = trainings[network];
  const optimizerName = optimizer === "adam" ? "Adam" : "RMSprop";
  return [
    {
      name: `train-${network}`,
      title: `train ${title}, batch ${batchSize}, ${optimizerName}`,
      kind: "train",
      network,
      batchSize,
      aims,
    },
    ...[batchSize, 1].map((size) => ({
      name: `predict-${network}-${size}`,
      title: `predict ${title}, batch ${size}`,
      kind: /** @type {const} */ ("predict"),
      network,
      batchSize: size,
      aims: predictionAims,
    })),
  ];
}

/** @type {readonly NetworkName[]} */
export const networkNames = ["n1", "n3", "resnet20", "mobilenetv2"];

/** @type {readonly Work[]} */
export const works = networkNames.flatMap(worksOf);

/** The work of that name. @param {string} name @returns {Work} */
export function findWork(name) {
  const work = works.find((entry) => entry.name === name);
  if (work === undefined)
    throw new Error(`unknown work ${name}; there are ${works.map((each) => each.name).join(", ")}`);
  return work;
}

/** The aim on a processor with such vectors. @param {Aim | undefined} aim @param {string} vectors */
export function aimFor(aim, vectors) {
  if (aim === undefined || typeof aim === "number") return aim;
  return vectors === "AVX2" || vectors === "AVX-512" ? aim[vectors] : undefined;
}
