import { InvalidConfigError, type OptionNames, checkOptions, formatShape } from "@featuremap/tensor";
import type { Graph } from "../graph/graph.ts";
import type { Layer } from "../../layer/layer.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { type TableColumn, columnWidths, renderTable, roundHalfEven } from "./text-table.ts";

export interface SummaryOptions {
  /** Characters in a line. Default: 76, what Keras takes in a terminal of 80. */
  readonly lineLength?: number | undefined;
  /** Whether the layers of nested models are listed. Default: false. */
  readonly expandNested?: boolean | undefined;
  /** Whether a column says which layers are trainable. Default: false. */
  readonly showTrainable?: boolean | undefined;
}

const summaryOptions: OptionNames<SummaryOptions> = { lineLength: true, expandNested: true, showTrainable: true };

/** What a summary tells about. */
export interface Summarized {
  readonly name: string;
  readonly trainableWeights: readonly Weight[];
  readonly nonTrainableWeights: readonly Weight[];
  /** The layers to list. */
  readonly innerLayers: readonly Layer[];
}

/** A layer that has layers of its own. */
interface Nesting {
  readonly layers?: readonly Layer[];
}

/**
 * A model as a table, laid out as Keras 3's `print_summary` does it.
 *
 * @param graph whose connections are shown; `null` for layers one after another
 * @throws {InvalidConfigError} the line is too short for the columns.
 */
export function summarize(model: Summarized, graph: Graph | null, options: SummaryOptions): string {
  checkOptions("summary", options, summaryOptions);
  const { lineLength = 76, expandNested = false, showTrainable = false } = options;
  const connected = graph !== null && !isChain(graph);
  const columns = layOut(lineLength, connected, showTrainable);
  const ownNodes = new Set(graph?.levels.flat());
  const places = new Map(
    connected ? model.innerLayers.flatMap(({ nodes }) => nodes.map((node, index) => [node, index] as const)) : [],
  );
  const row = (layer: Layer, level: number): string[] => [
    `${level === 0 ? "" : `${"   ".repeat(level)}└ `}${layer.name} (${layer.className})`,
    outputShapes(layer),
    layer.built ? withThousands(layer.countParams()) : "0 (unbuilt)",
    ...(connected ? [connections(layer, ownNodes, places)] : []),
    ...(showTrainable ? [trainableMark(layer)] : []),
  ];
  const rows = (layer: Layer, level: number): string[][] => {
    const inner = expandNested ? ((layer as Nesting).layers ?? []) : [];
    return [row(layer, level), ...inner.flatMap((entry) => rows(entry, level + 1))];
  };
  return [
    `Model: "${model.name}"`,
    renderTable(
      columns,
      model.innerLayers.flatMap((layer) => rows(layer, 0)),
    ),
    ...totals(model.trainableWeights, model.nonTrainableWeights),
  ].join("\n");
}

function layOut(lineLength: number, connected: boolean, showTrainable: boolean): TableColumn[] {
  const ends = connected ? [0.3, 0.56, 0.74, 1] : [0.45, 0.8, 1];
  const widths = columnWidths(lineLength, showTrainable ? [...ends.map((end) => end * 0.9), 1] : ends);
  if (!widths.every((width) => width >= 4)) {
    throw new InvalidConfigError("summary", "lineLength", "long enough for all columns", lineLength);
  }
  const columns: (readonly [string, TableColumn["align"]])[] = [
    ["Layer (type)", "left"],
    ["Output Shape", "left"],
    ["Param #", "right"],
  ];
  if (connected) columns.push(["Connected to", "left"]);
  if (showTrainable) columns.push(["Trainable", "center"]);
  return columns.map(([heading, align], index) => ({ heading, align, width: widths[index] ?? 0 }));
}

/** Whether every layer has one input, is used once, and stands alone at its depth. */
function isChain({ levels, layers }: Graph): boolean {
  const nodes = levels.flat();
  return (
    nodes.length === levels.length && nodes.length === layers.length && nodes.every(({ inputs }) => inputs.length < 2)
  );
}

function outputShapes(layer: Layer): string {
  const outputs = layer.nodes.at(-1)?.outputs.map(({ shape }) => printShape(shape)) ?? ["?"];
  return outputs.length === 1 ? (outputs[0] ?? "?") : `[${outputs.join(", ")}]`;
}

/** Keras leaves the comma out of one-element shapes here. */
function printShape(shape: Parameters<typeof formatShape>[0]): string {
  return formatShape(shape).replace(",)", ")");
}

function connections(layer: Layer, ownNodes: ReadonlySet<unknown>, places: ReadonlyMap<unknown, number>): string {
  const sources = layer.nodes
    .filter((node) => ownNodes.has(node))
    .flatMap((node) => node.inputs)
    .map(
      ({ layer: source, node, tensorIndex }) =>
        `${source.name}[${places.get(node) ?? source.nodes.indexOf(node)}][${tensorIndex}]`,
    );
  return sources.length === 0 ? "-" : sources.join(", ");
}

function trainableMark(layer: Layer): string {
  if (layer.weights.length === 0) return "-";
  return layer.trainable ? "Y" : "N";
}

function totals(trainable: readonly Weight[], frozen: readonly Weight[]): string[] {
  const line = (what: string, weights: readonly Weight[]): string => {
    const count = weights.reduce((sum, { size }) => sum + size, 0);
    return ` ${what} params: ${withThousands(count)} (${memorySize(count * 4)})`;
  };
  return [line("Total", [...trainable, ...frozen]), line("Trainable", trainable), line("Non-trainable", frozen)];
}

function withThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Bytes as Keras prints them: `407.04 KB`. */
function memorySize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = bytes;
  while (size >= 1024 && units.length > 1) {
    size /= 1024;
    units.shift();
  }
  return `${(roundHalfEven(size * 100) / 100).toFixed(2)} ${units[0]}`;
}
