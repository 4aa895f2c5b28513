import { formatMachine } from "../machine.mjs";
import { markdownTable } from "./markdown-table.mjs";
import { milliseconds, significant, tooBusy } from "./report.mjs";

/** @import { Column } from "./markdown-table.mjs" */
/** @import { Results, Row } from "./results.mjs" */

/**
 * What texts quote of the results, by the name that their markers have.
 *
 * @type {Readonly<Record<string, (results: Results) => string>>}
 */
export const passages = {
  headline,
  table: summaryTable,
  own: ownFigures,
  decision,
  site: (results) => headline(results).replace("](tooling/", "](../tooling/"),
  "site-table": (results) => summaryTable(results).replace("](../../tooling/", "](../tooling/"),
};

/** Peers in the order of the table's columns. */
const columns = /** @type {const} */ ([
  ["pytorch", "PyTorch"],
  ["keras", "Keras"],
  ["tfjs-node", "tfjs-node"],
  ["onnxruntime-node", "onnxruntime-node"],
  ["onnxruntime-web", "onnxruntime-web"],
  ["tfjs-wasm", "tfjs-wasm"],
]);

/** @param {Results} results @param {string} work @param {string} peer */
function findRow({ rows }, work, peer) {
  return rows.find((row) => row.work === work && row.peer === peer);
}

/** Ours over the peer's, or why there is none. @param {Row | undefined} row */
function ratioOf(row) {
  if (row?.failure !== undefined) return "failed";
  return row?.ratio === undefined ? "" : row.ratio.median.toFixed(2);
}

/** The works in the order in which they were measured, each once. @param {Results} results */
function worksIn({ rows }) {
  return rows.filter(({ work }, index) => rows.findIndex((row) => row.work === work) === index);
}

/** Nothing of a quiet machine. @param {Results} results */
function warningOf({ busy }) {
  return busy > tooBusy
    ? ` **Other programs kept the cores up to ${Math.round(100 * busy)} % busy: trust no figure.**`
    : "";
}

/** @param {Results} results */
function conditions(results) {
  const { machine, date, rounds, seconds } = results;
  const warning = warningOf(results);
  return `${date}, ${formatMachine(machine)}; ${rounds} alternating rounds of ${seconds} s, two threads each.${warning}`;
}

/** Training and predicting against the nearest peers, for the first screen. @param {Results} results */
function headline(results) {
  const networks = /** @type {const} */ ([
    ["N1, 28 x 28 x 1", "n1", 64],
    ["N3, 32 x 32 x 3", "n3", 64],
    ["ResNet-20, 32 x 32 x 3", "resnet20", 64],
    ["MobileNetV2, 96 x 96 x 3", "mobilenetv2", 32],
  ]);
  const rows = networks.map(([title, network, batchSize]) => {
    const ratio = (/** @type {string} */ work, /** @type {string} */ peer) => ratioOf(findRow(results, work, peer));
    const [train, predict] = [`train-${network}`, `predict-${network}-${batchSize}`];
    const cells = [
      title,
      ratio(train, "pytorch"),
      ratio(train, "keras"),
      ratio(train, "tfjs-node"),
      ratio(predict, "pytorch"),
      ratio(predict, "onnxruntime-node"),
      ratio(predict, "onnxruntime-web"),
      ratio(predict, "tfjs-wasm"),
    ];
    return cells;
  });
  return [
    `Featuremap's images per second divided by each peer's, on two cores of a processor with ${results.machine.vectors} (above 1, Featuremap is faster; native peers use an allocator that keeps its memory):${warningOf(results)}`,
    "",
    ...markdownTable(
      [
        ["network"],
        ["train: PyTorch", "figures"],
        ["Keras", "figures"],
        ["tfjs-node", "figures"],
        ["predict: PyTorch", "figures"],
        ["onnxruntime-node", "figures"],
        ["onnxruntime-web", "figures"],
        ["tfjs-wasm", "figures"],
      ],
      rows,
    ),
    "",
    `tfjs-wasm, onnxruntime-node and onnxruntime-web cannot train these. [Every row, and how it was measured](tooling/bench/results/${results.date}.md).`,
  ].join("\n");
}

/** Every work against every peer. @param {Results} results */
function summaryTable(results) {
  const rows = worksIn(results).map(({ work, title, batchSize }) => {
    const ours = results.rows.find((row) => row.work === work && row.ours !== undefined)?.ours;
    const cells = columns.map(([peer]) => {
      const installed = ratioOf(findRow(results, work, `${peer}-installed`));
      return `${ratioOf(findRow(results, work, peer))}${installed === "" ? "" : ` (${installed})`}`;
    });
    return [title, milliseconds(batchSize, ours), ...cells];
  });
  const threads = sentence(results, "one-thread", "Two threads train N1 at", "times one thread's rate.");
  const jax = sentence(results, "jax-js", "N1 trains at", "times the rate of jax-js on wasm.");
  return [
    `${conditions(results)} Our milliseconds per step or prediction; then our images per second divided by each peer's, native peers with an allocator that keeps its memory and, in brackets, as installed.`,
    "",
    ...markdownTable(
      [["work"], ["ours, ms", "figures"], ...columns.map(([, title]) => /** @type {Column} */ ([title, "figures"]))],
      rows,
    ),
    "",
    `${[...threads, ...jax].join(" ")} [Every row, with versions, lowest and highest](../../tooling/bench/results/${results.date}.md).`,
  ].join("\n");
}

/**
 * A sentence around the ratio of N1's training, where there is one.
 *
 * @param {Results} results
 * @param {string} peer
 * @param {string} before
 * @param {string} behind
 */
function sentence(results, peer, before, behind) {
  const ratio = findRow(results, "train-n1", peer)?.ratio;
  return ratio === undefined ? [] : [`${before} ${ratio.median.toFixed(2)} ${behind}`];
}

/** @param {Results} results */
function ownFigures({ own }) {
  const figure = (/** @type {string} */ name) => {
    const found = own.find((entry) => entry.name === name);
    return found?.figure === undefined ? "(not measured)" : `${significant(found.figure)} ${found.unit}`;
  };
  return `Training N1 on all of MNIST takes ${figure("memory")} at most; registering takes ${figure("start")}; both kernel binaries are ${figure("size")} gzipped.`;
}

/** @param {Results} results */
function decision(results) {
  const range = (/** @type {Row | undefined} */ row) =>
    row?.ratio === undefined
      ? "(not measured)"
      : `${row.ratio.median.toFixed(2)} times (${row.ratio.lowest.toFixed(2)} to ${row.ratio.highest.toFixed(2)})`;
  return [
    `In images per second, two threads train N1 at ${range(findRow(results, "train-n1", "one-thread"))} the rate of one.`,
    `Batched prediction with N1 reaches ${range(findRow(results, "predict-n1-64", "tfjs-wasm"))} the rate of tfjs-backend-wasm;`,
    `training N1 reaches ${range(findRow(results, "train-n1", "pytorch"))} the rate of PyTorch with an allocator that keeps its memory,`,
    `and training MobileNetV2 ${range(findRow(results, "train-mobilenetv2", "pytorch"))} ([results](../../tooling/bench/results/${results.date}.md)).`,
  ].join("\n");
}
