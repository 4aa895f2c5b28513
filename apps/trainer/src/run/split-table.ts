import { relative, sep } from "node:path";
import { writeFileWhole } from "@featuremap/files";
import type { Part } from "../data/part.ts";
import type { PartName, TrainingData } from "../data/training-data.ts";

/** Writes which picture is of which part: a table of path, label and part. Paths of a folder's files begin there. */
export async function writeSplit(file: string, data: TrainingData): Promise<void> {
  const lines = ["path,label,part"];
  for (const [part, name] of partsOf(data)) {
    for (let place = 0; place < part.size; place++) {
      const label = part.classNames[part.labels[place] ?? -1] ?? "";
      lines.push([splitName(data, part.names[place] ?? ""), label, name].map(field).join(","));
    }
  }
  await writeFileWhole(file, `${lines.join("\n")}\n`);
}

/** The parts that there are, with their names. */
export function partsOf({ train, validation, test }: TrainingData): (readonly [Part, PartName])[] {
  return (
    [
      [train, "train"],
      [validation, "validation"],
      [test, "test"],
    ] as const
  ).flatMap(([part, name]) => (part === undefined ? [] : [[part, name] as const]));
}

/** What the table calls a picture. */
export function splitName({ kind, location }: Pick<TrainingData, "kind" | "location">, name: string): string {
  return kind === "folder" ? relative(location, name).split(sep).join("/") : name;
}

/** As RFC 4180 has it. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
