import type { DatasetHealth, ImageFiles } from "@featuremap/datasets";
import { healthExamples, plotHealth } from "@featuremap/visualize";
import { healthPictures } from "../health-pictures.ts";
import type { LeftOut, Part } from "../../../data/part.ts";
import { countClasses } from "../../../data/split-places.ts";
import { formatCounted } from "../../../terminal/format.ts";
import { healthPage } from "../../../report/page/health-page.ts";
import type { PartName, Thumbnail } from "../../../report/report-data.ts";
import { pngOfSvg } from "../../../drawing/svg-picture.ts";
import { thumbnailOf } from "../../../report/thumbnails.ts";

/** Findings, and what there is to know about how they came about. */
export interface FoundHealth extends DatasetHealth {
  /** What the data are called. */
  readonly data: string;
  /** Classes by their indices, those of the model last that the data do not have. */
  readonly classNames: readonly string[];
  /** Files that lie among the pictures and are none by their names. */
  readonly foreign: readonly LeftOut[];
  /** How many pictures a model was asked about, and whether it is known not to have learned from them. */
  readonly model?: { readonly bundle: string; readonly asked: number; readonly isKnownApart: boolean };
}

/** Findings of each kind that are shown, pixels of a drawing's width and of a picture's longer side. */
const [most, width, side] = [12, 960, 128];

const endings = /\.(html|svg|png)$/i;

/** Whether {@link drawHealth} knows what to make of a file of that name. */
export function isHealthDrawing(file: string): boolean {
  return endings.test(file);
}

/** Where the pictures of findings are. */
export interface DrawnFrom {
  /** Its ending decides: a page, a drawing, or a picture of the drawing. */
  readonly file: string;
  readonly parts: readonly (readonly [Part, PartName])[];
  readonly sources: readonly { readonly files: ImageFiles; readonly from: number }[];
  readonly workers: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Draws findings with their pictures, which are read once more. */
export async function drawHealth(health: FoundHealth, from: DrawnFrom): Promise<string | Uint8Array> {
  const pictures = await readShown(health, from);
  const { data: name, classNames } = health;
  if (/\.html$/i.test(from.file)) {
    const parts = from.parts.map(([{ labels, size }, part]) => {
      return { name: part, size, counts: countClasses(labels, classNames.length) };
    });
    const looked = health.size + health.unreadable.length;
    const report = { findings: health, pictures, looked, all: looked, size: undefined, most };
    return healthPage({ name, classNames, parts, health: { value: report }, remarks: remarksOn(health) });
  }
  const isPng = /\.png$/i.test(from.file);
  const pixels = new Map([...pictures].map(([index, { pixels: small }]) => [index, small]));
  const svg = plotHealth(health, pixels, {
    classNames,
    width,
    examples: most,
    title: `Health of ${name}`,
    ...(isPng ? { theme: "light" } : {}),
  });
  return isPng ? pngOfSvg(svg) : svg;
}

async function readShown(
  health: FoundHealth,
  { sources, workers, signal }: DrawnFrom,
): Promise<ReadonlyMap<number, Thumbnail>> {
  const shown = healthExamples(health, most);
  const pictures = new Map<number, Thumbnail>();
  for (const { files, from } of sources) {
    const indices = shown.filter((index) => index >= from && index < from + files.size);
    if (indices.length === 0) continue;
    const chosen = files.select(indices.map((index) => index - from));
    let at = 0;
    for await (const { image } of healthPictures(chosen, { workers, signal })) {
      const index = indices[at] ?? -1;
      at += 1;
      if (image !== undefined) pictures.set(index, await thumbnailOf(image, side));
    }
  }
  return pictures;
}

/** What the findings do not say by themselves. */
export function remarksOn({ foreign, model }: FoundHealth): string[] {
  return [
    ...(foreign.length === 0
      ? []
      : [
          foreign.length === 1
            ? "1 file next to the pictures, not a picture by its name, was not looked at."
            : `${formatCounted(foreign.length, "file")} next to the pictures, not pictures by their names, were not looked at.`,
        ]),
    ...(model === undefined ? [] : [modelRemark(model)]),
  ];
}

function modelRemark({ asked, isKnownApart }: NonNullable<FoundHealth["model"]>): string {
  if (asked === 0) return "The model learned from all of these pictures, and so can doubt the label of none.";
  const whom = formatCounted(asked, "picture");
  return isKnownApart
    ? `Labels were judged by the model's answers to ${whom} that it did not learn from.`
    : `Labels were judged by the model's answers to ${whom}; it repeats the labels that it learned.`;
}
