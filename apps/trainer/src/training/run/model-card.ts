import { formatCount, formatCounted, formatMetric } from "../../terminal/format.ts";
import { accuracyInterval } from "../../report/accuracy-interval.ts";
import { className, percent, settingText, sizeText } from "../../report/words.ts";
import type { ReportData } from "../../report/report-data.ts";
import { type WeightsFacts, weightsLine } from "../../report/weights-line.ts";

/** What a model card tells beside the report. */
export interface ModelCardFacts {
  /** "photos" */
  readonly title: string;
  /** Where the data came from: a folder, a file, or the name of a data set. */
  readonly source: string;
  /** How it was trained, by the names of the command's options. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** "Intel Core i7, 8 threads" */
  readonly device?: string | undefined;
  /** "1:02:03" */
  readonly duration?: string | undefined;
  /** Why there are fewer epochs than were asked for. */
  readonly ended?: string | undefined;
  /** What was measured at the end of the training, for where the answers themselves were not looked at. */
  readonly figures?: readonly {
    readonly part: string;
    readonly images: number;
    readonly loss: number;
    readonly accuracy: number;
  }[];
  /** Whose weights these are: the last epoch's, those of an epoch that was chosen, or of a moment within one. */
  readonly weights?: WeightsFacts | undefined;
  /** Whether those are of answers averaged with the ones to mirror images. */
  readonly areAveraged?: boolean;
  /** The bundle's folder, relative to the card. Default: `model`. */
  readonly bundle?: string | undefined;
}

/** What a card tells of the data and of the answers. */
export type CardData = Pick<ReportData, "classNames" | "network" | "parts" | "judged" | "health">;

/** Rows of the table of classes. */
const mostRows = 200;

/** A run's README in Markdown: what the network does and how well, how it was made and is used, and what it cannot do. */
export function modelCard(data: CardData, facts: ModelCardFacts): string {
  const {
    title,
    source,
    settings,
    device,
    duration,
    ended,
    figures = [],
    areAveraged = false,
    weights,
    bundle = "model",
  } = facts;
  const { network, classNames } = data;
  const where = device === undefined ? "" : ` on ${escapeMarkdown(device)}`;
  const time = duration === undefined ? "" : ` in ${duration}`;
  return `# ${escapeMarkdown(title)}

A network that classifies pictures into ${formatCounted(classNames.length, "class", "classes")}. It was trained with \`featuremap train\`${where}${time}${ended === undefined ? "" : `; ${escapeMarkdown(ended)}`}.${"absent" in data.judged ? "" : " `report.html` shows its answers."}

## Results

${[resultsOf(data, figures, areAveraged), ...weightsLine(weights)].join("\n\n")}

## Use

On the command line, in this folder:

\`\`\`sh
npx featuremap predict ${bundle} photo.jpg
npx featuremap serve ${bundle}
\`\`\`

In Node (in a page the picture is an \`<img>\`, a canvas or a chosen file):

\`\`\`js
import { readFile } from "node:fs/promises";
import { loadClassifier } from "@featuremap/inference";

const classifier = await loadClassifier("${bundle}/model.json");
const { predictions } = await classifier.classify(new Blob([await readFile("photo.jpg")]));
console.log(predictions[0].label, predictions[0].probability);
\`\`\`

## Data

${escapeMarkdown(source)}. \`split.csv\` lists the part of each picture${"absent" in data.judged ? "" : ", `predictions.csv` the network's answers to the pictures that it was judged by"}.

${dataTable(data)}

## Network and settings

\`${network.name.replaceAll("`", "'")}\`: ${formatCount(network.parameters)} weights; pictures of ${sizeText(network.size)} pixels, ${network.channels}.

${table(
  ["setting", "value"],
  Object.entries(settings).map(([name, value]) => [escapeMarkdown(name), escapeMarkdown(settingText(value))]),
)}

\`history.csv\` holds the results of each epoch. \`npx featuremap train --config config.json\` repeats the training.

## Limits

${limitsOf(data)
  .map((limit) => `- ${limit}`)
  .join("\n")}
`;
}

function resultsOf(
  { judged }: CardData,
  figures: NonNullable<ModelCardFacts["figures"]>,
  areAveraged: boolean,
): string {
  if ("absent" in judged) {
    const rows = figures.map(({ part, images, accuracy, loss }) => [
      part,
      formatCount(images),
      percent(accuracy),
      formatMetric(loss),
    ]);
    return rows.length === 0 ? judged.absent : table(["part", "pictures", "accuracy", "loss"], rows);
  }
  const { part, scores } = judged.value;
  const [low, high] = accuracyInterval(scores);
  const rows: (readonly string[])[] = [
    ["accuracy", `${percent(scores.accuracy)} (95 % interval: ${percent(low)} to ${percent(high)})`],
    ...(scores.topFive === undefined ? [] : [["top-5 accuracy", percent(scores.topFive)]]),
    ...figures.flatMap(({ accuracy }) => (areAveraged ? [["accuracy with mirror images", percent(accuracy)]] : [])),
    ["mean F1 of the classes", percent(scores.mean.f1)],
    ["cross-entropy", formatMetric(scores.loss)],
    ["expected calibration error", percent(scores.calibration.expectedCalibrationError)],
  ];
  return `On the ${formatCounted(scores.images, "picture")} of the ${part} part:\n\n${table(["figure", "value"], rows)}`;
}

function dataTable({ parts, classNames, judged }: CardData): string {
  const scores = "absent" in judged ? undefined : judged.value.scores;
  const header = [
    "class",
    ...parts.map(({ name }) => name),
    ...(scores === undefined ? [] : ["precision", "recall", "F1"]),
  ];
  const rows = classNames.slice(0, mostRows).map((_, index) => {
    const own = scores?.classes[index];
    return [
      escapeMarkdown(className(classNames, index)),
      ...parts.map(({ counts }) => (counts === null ? "" : formatCount(counts[index] ?? 0))),
      ...(own === undefined ? [] : [percent(own.precision), percent(own.recall), percent(own.f1)]),
    ];
  });
  const mean =
    scores === undefined ? [] : [percent(scores.mean.precision), percent(scores.mean.recall), percent(scores.mean.f1)];
  const all = ["**all**", ...parts.map(({ size }) => formatCount(size)), ...mean];
  const more = classNames.length - rows.length;
  return `${table(header, [...rows, all])}${more > 0 ? `\n\nand ${formatCounted(more, "class", "classes")} more; \`report.html\` lists them.` : ""}`;
}

function limitsOf({ judged, parts, classNames, health }: CardData): readonly string[] {
  const limits = [
    `It knows only ${classNames.length === 1 ? "one class" : "these classes"}: for any picture at all, its answer is ${classNames.length === 1 ? "that class" : "one of them"}.`,
    "It was judged by pictures from the same source as those it was trained on; pictures from other cameras, places or times may be harder.",
  ];
  const learned = parts.find(({ name }) => name === "train")?.counts ?? [];
  const rare = learned.flatMap((count, index) => (count < 20 ? [`${named(classNames, index)} (${count})`] : []));
  if (rare.length > 0) limits.push(`Few pictures to learn from: ${listed(rare)}.`);
  if ("absent" in judged) limits.push(judged.absent);
  else {
    const { part, scores } = judged.value;
    if (part === "validation") {
      limits.push(
        "There is no test part: if settings or the last epoch were chosen by the validation part, new pictures will give lower figures.",
      );
    }
    if (scores.images < 100) limits.push(`It was judged by only ${formatCounted(scores.images, "picture")}.`);
    const { confidence, accuracy } = scores.calibration;
    if (confidence - accuracy > 0.05)
      limits.push(
        `It is overconfident: its mean confidence is ${percent(confidence)}, but ${percent(accuracy)} of its answers are right.`,
      );
    const pairs = scores.confusions
      .slice(0, 3)
      .map(
        ({ row, column, count }) =>
          `${named(classNames, row)} for ${named(classNames, column)} (${formatCount(count)})`,
      );
    if (pairs.length > 0) limits.push(`Most frequent mistakes: ${listed(pairs)}.`);
  }
  const leaks = "absent" in health ? 0 : health.value.findings.leaks.length;
  if (leaks > 0)
    limits.push(
      `${formatCounted(leaks, "group")} of near duplicates ${leaks === 1 ? "is" : "are"} in several parts: it was partly judged by pictures that it was trained on.`,
    );
  return limits;
}

function named(classNames: readonly string[], index: number): string {
  return escapeMarkdown(className(classNames, index));
}

function listed(entries: readonly string[]): string {
  return entries.length <= 10
    ? entries.join(", ")
    : `${entries.slice(0, 10).join(", ")} and ${entries.length - 10} more`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text that Markdown shows as it is, on one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll(/[\\`*_|<>[\]#~&!]/g, String.raw`\$&`)
    .replaceAll(/:\/\//g, String.raw`:\//`)
    .trim();
}
