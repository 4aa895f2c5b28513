import { AbortedError } from "@featuremap/tensor";
import { countClasses } from "../../data/split-places.ts";
import { partsOf } from "../../data/split-table.ts";
import { openData } from "../../data/open-data.ts";
import type { TrainingData } from "../../data/training-data.ts";
import { decideNetwork } from "../../training/network/network.ts";
import { decideLearning } from "../../training/settings.ts";
import { formatCount, formatCounted } from "../../terminal/format.ts";
import { type Finding, problemOf } from "./finding.ts";

const topic = "data";
/** Pictures that are read to see whether they can be. */
const readAtMost = 24;
/** Pictures of a class below which nothing much is learned of it. */
const fewPictures = 20;
/** How many times as many pictures the largest class may have as the smallest. */
const unequal = 10;

/** What `train` would do with some data, and what would be in its way. Nothing is downloaded, and no run is made. */
export async function checkData(location: string, dataFolder?: string): Promise<readonly Finding[]> {
  const download = new AbortController();
  try {
    const { signal } = download;
    const data = await openData(location, {
      owner: "doctor",
      seed: 1,
      dataFolder,
      signal,
      onDownload: () => download.abort(),
    });
    return [partsFinding(data), ...classFindings(data), ...(await readFindings(data)), await planFinding(data)];
  } catch (error) {
    if (error instanceof AbortedError && download.signal.aborted) {
      return [{ topic, status: "ok", text: `${location} is not on this disk yet: train downloads it first` }];
    }
    return [problemOf(topic, error)];
  }
}

function partsFinding(data: TrainingData): Finding {
  const names = { train: "for training", validation: "for validation", test: "for testing" } as const;
  const parts = partsOf(data).map(([{ size }, name]) => `${formatCount(size)} ${names[name]}`);
  const text = `${data.location}: ${formatCount(data.classNames.length)} classes; ${parts.join(", ")}`;
  return { topic, status: "ok", text };
}

function classFindings({ train, classNames, location, kind }: TrainingData): readonly Finding[] {
  const counts = countClasses(train.labels, classNames.length);
  const ranked = classNames.map((name, label) => ({ name, count: counts[label] ?? 0 }));
  ranked.sort((one, other) => one.count - other.count);
  const [least] = ranked;
  const most = ranked.at(-1);
  if (least === undefined || most === undefined || kind === "dataset") return [];
  const findings: Finding[] = [];
  if (least.count < fewPictures) {
    const text = `${location} has ${formatCounted(least.count, "picture")} of ${least.name} for training`;
    const remedy = "Add pictures: some hundreds of each class make a good classifier. --augment strong helps a little.";
    findings.push({ topic, status: "warning", text, remedy });
  }
  if (most.count > unequal * least.count) {
    const text = `there are ${formatCount(most.count)} pictures of ${most.name}, and ${formatCount(least.count)} of ${least.name}`;
    findings.push({
      topic,
      status: "warning",
      text,
      remedy: "Give --class-weight balanced, or add pictures of the rare ones.",
    });
  }
  return findings;
}

/** Reads some pictures, spread over all. */
async function readFindings({ train, location }: TrainingData): Promise<readonly Finding[]> {
  const { files } = train;
  const foreign = files.skipped.length;
  const count = Math.min(readAtMost, files.size);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * files.size) / count));
  const chosen = files.select(places);
  const findings: Finding[] = [];
  let read = 0;
  try {
    for await (const _ of chosen.images({ imageSize: [32, 32], workers: 0 })) read++;
  } catch (error) {
    // So many are damaged that train would stop there, too.
    return [problemOf(topic, error)];
  }
  const looked = `${formatCount(count)} pictures of ${location} were read`;
  const remedy = "train leaves them out and names them. featuremap data health tells of all.";
  if (read < count) {
    const text = `${looked}, and ${formatCount(count - read)} of them cannot be decoded`;
    findings.push({ topic, status: "warning", text, remedy });
  } else findings.push({ topic, status: "ok", text: `${looked}: all are whole` });
  if (foreign > 0) {
    const text = `${formatCounted(foreign, "file")} of ${location} ${foreign === 1 ? "is not a picture" : "are not pictures"}`;
    findings.push({ topic, status: "warning", text, remedy });
  }
  return findings;
}

async function planFinding(data: TrainingData): Promise<Finding> {
  const network = await decideNetwork("doctor", data, {});
  const { epochs, batchSize } = decideLearning("doctor", {}, network.defaults, network);
  const [height, width] = network.preprocessing.size;
  const steps = Math.ceil(data.train.size / batchSize);
  const text = [
    `train would by itself take the network ${network.name} (${network.reasons.network})`,
    `images of ${width} x ${height} pixels (${network.reasons.imageSize})`,
    `${formatCounted(epochs, "epoch")} of ${formatCounted(steps, "step")} of ${formatCounted(batchSize, "image")}`,
  ].join(", ");
  return { topic: "train", status: "ok", text };
}
