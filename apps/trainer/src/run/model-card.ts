import { writeFileWhole } from "@featuremap/files";
import { countClasses } from "../data/split-places.ts";
import type { TrainResult } from "../training/train-types.ts";
import { formatCount, formatDuration, formatMetric } from "../terminal/format.ts";
import type { RunDecisions } from "./run-config.ts";
import { partsOf } from "../data/split-table.ts";

/** Writes a run's README: data, classes, numbers, settings, and how the model is used. */
export async function writeModelCard(
  file: string,
  decisions: RunDecisions & { readonly result: TrainResult; readonly parameters: number },
): Promise<void> {
  await writeFileWhole(file, modelCard(decisions));
}

function modelCard({
  data,
  network,
  learning,
  device,
  result,
  parameters,
}: RunDecisions & { readonly result: TrainResult; readonly parameters: number }): string {
  const { preprocessing } = network;
  const [height, width] = preprocessing.size;
  const ended = result.stopped
    ? `stopped after ${formatCount(result.steps)} of ${formatCount(result.stepsPlanned)} steps`
    : "complete";
  const settings: readonly (readonly [string, unknown])[] = [
    ["epochs", learning.epochs],
    ["batch size", learning.batchSize],
    ["optimizer", learning.optimizer],
    ["learning rate", learning.learningRate],
    ["schedule", learning.schedule],
    ["weight decay", learning.weightDecay ?? "the optimizer's"],
    ["loss", learning.loss],
    ["label smoothing", learning.labelSmoothing],
    ["augmentation", learning.augment],
    ["mixup, cutmix, erasing", [learning.mixup, learning.cutmix, learning.erasing].join(", ")],
    ["class weight", learning.classWeight],
    ["moving average", learning.ema ?? "none"],
    ["seed", learning.seed],
  ];
  return `# ${escaped(data.name)}

A network that tells ${data.classNames.length} classes of ${data.imagesAre} apart, trained by \`featuremap train\`; ${ended}.

## Results

${resultLines(result)}

## Use

\`\`\`sh
featuremap predict . photo.jpg
featuremap evaluate .
\`\`\`

\`\`\`js
import { loadClassifier } from "@featuremap/inference";

const classifier = await loadClassifier("model/model.json");
console.log(await classifier.classify(image));
\`\`\`

## Data

${data.kind === "dataset" ? `The data set ${escaped(data.name)}` : `The ${data.kind} ${escaped(data.location)}`}. \`split.csv\` names each picture with its class and part.

${classTable(data)}

## Network

\`${escaped(network.name)}\`, ${formatCount(parameters)} weights; pictures of ${width} x ${height} pixels, ${preprocessing.channels}. It was trained on ${device.name} in ${formatDuration(result.seconds)}.

| setting | value |
| --- | --- |
${settings.map(([name, value]) => `| ${name} | ${escaped(String(value))} |`).join("\n")}

\`featuremap train --config config.json\` trains it again.
`;
}

function resultLines({ test, validation, history }: TrainResult): string {
  const lines = Object.entries({ test, validation }).flatMap(([part, numbers]) =>
    numbers === undefined
      ? []
      : `| ${part} | ${formatCount(numbers.images)} | ${formatMetric(numbers.accuracy)} | ${formatMetric(numbers.loss)} |`,
  );
  const epochs = history["loss"]?.length ?? 0;
  const trained = `Of ${epochs} epochs, \`history.csv\` holds the numbers of each.`;
  if (lines.length === 0) return trained;
  return ["| part | images | accuracy | loss |", "| --- | --- | --- | --- |", ...lines, "", trained].join("\n");
}

/** Classes of a table; data sets of many more are told by their number alone. */
const mostRows = 200;

function classTable(data: RunDecisions["data"]): string {
  const parts = partsOf(data);
  const counts = parts.map(([part]) => countClasses(part.labels, data.classNames.length));
  const header = ["class", ...parts.map(([, name]) => name)];
  const all = ["**all**", ...parts.map(([part]) => formatCount(part.size))];
  const rows =
    data.classNames.length > mostRows
      ? []
      : data.classNames.map((name, label) => [escaped(name), ...counts.map((count) => formatCount(count[label] ?? 0))]);
  return [header, header.map(() => "---"), ...rows, all].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What Markdown would read as more than text. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]#]/g, String.raw`\$&`).replaceAll(/\s+/g, " ");
}
