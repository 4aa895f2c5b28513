import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { formatValue } from "../axes/ticks.ts";
import { barChart } from "../bars/bar-chart.ts";
import { readCounts } from "../bars/read-counts.ts";
import { colorTable } from "../pictures/color-map.ts";
import { type Picture, type RgbaPixels, readPicture } from "../pictures/picture.ts";
import { rendererOf } from "../pictures/render.ts";
import { type Tile, shrunk, tileGap, tileGrid } from "../pictures/tile-grid.ts";
import {
  type PlotOptions,
  plotOptions,
  readPlotOptions,
  requireInteger,
  requireTexts,
} from "../svg/drawing-options.ts";
import { type Drawing, flowing, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import { type Finding, type Found, type HealthFindings, readHealth } from "./read-health.ts";

export interface PlotHealthOptions extends PlotOptions {
  /** What each class index stands for, to say what a picture may be instead. Default: its number. */
  readonly classNames?: readonly string[] | undefined;
  /** Groups, or pictures that stand out, of each kind, 0 to 100. Default: 6. */
  readonly examples?: number | undefined;
}

const healthOptions: OptionNames<PlotHealthOptions> = { ...plotOptions, classNames: true, examples: true };

/** Pictures of a group that are shown. */
const mostOfGroup = 4;
const defaultExamples = 6;
/** Pixels of a picture's side, roughly. */
const tileSide = 92;

/**
 * Draws what `datasetHealth` found: pictures of each class, how many findings of each kind there are, and examples of each,
 * duplicates side by side.
 *
 * @param pictures those that are shown, by their index: `healthExamples` tells which; an empty frame stands for others
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError | ShapeError} the findings, a picture or an option are not what they may be.
 */
export function plotHealth(
  health: HealthFindings,
  pictures: ReadonlyMap<number, Picture> = new Map(),
  options: PlotHealthOptions = {},
): string {
  const owner = "plotHealth";
  const drawing = readPlotOptions(owner, options, healthOptions);
  const { classNames, examples = defaultExamples } = options;
  requireInteger(owner, "examples", examples, 0, 100);
  const names = classNames === undefined ? [] : requireTexts(owner, "classNames", classNames);
  if (!(pictures instanceof Map))
    throw new InvalidConfigError(owner, "pictures", "a Map of pictures by index", pictures);
  const { size, counts, findings } = readHealth(owner, health, (index) => names[index] ?? `class ${index}`);
  const width = drawing.width - 2 * outerMargin;
  const pixelsOf = (index: number): RgbaPixels | undefined => {
    const picture = pictures.get(index);
    if (picture === undefined) return undefined;
    const read = readPicture(owner, `picture ${index}`, picture);
    return shrunk(rendererOf(owner, [read], undefined, colorTable(owner, "gray"))(read));
  };
  const content = [
    ...heading(drawing.title, width),
    remark(`${formatValue(size)} pictures were read`, width),
    barChart(readCounts(owner, "health.counts", counts), width),
    ...heading("Findings", width, fontSizes.heading),
    ...findings.map((finding) => line(finding, width)),
    ...examplesOf(findings, examples).flatMap((shown) => section(shown, pixelsOf, width)),
  ];
  return svgDocument(stacked(content, 4), drawing, "Health of a data set");
}

/**
 * Which pictures {@link plotHealth} shows, by their index, so that no others need to be read.
 *
 * @param examples as it will be given there
 * @throws {InvalidConfigError} the findings are not what `datasetHealth` gives.
 */
export function healthExamples(health: HealthFindings, examples: number = defaultExamples): readonly number[] {
  const owner = "healthExamples";
  requireInteger(owner, "examples", examples, 0, 100);
  const shown = examplesOf(readHealth(owner, health, String).findings, examples).filter(({ finding }) =>
    isSeen(finding),
  );
  const indices = shown.flatMap(({ finding, groups }) =>
    groups.flatMap((group) => (finding.grouped ? group.slice(0, mostOfGroup) : group).map(({ index }) => index)),
  );
  return [...new Set(indices)].toSorted((a, b) => a - b);
}

/** What is shown of a finding. */
interface Shown {
  readonly finding: Finding;
  readonly groups: readonly (readonly Found[])[];
  /** Groups, or pictures, that are not shown here or before. */
  readonly hidden: number;
}

/** The examples of each finding. A group that an earlier finding has too, as leaks are near duplicates, is shown once. */
function examplesOf(findings: readonly Finding[], examples: number): readonly Shown[] {
  const before = new Set<string>();
  const isNew = (group: readonly Found[]): boolean => {
    const key = group.map(({ index }) => index).join(" ");
    return before.size < before.add(key).size;
  };
  return findings.map((finding) => {
    const groups = finding.grouped ? finding.groups.filter(isNew) : finding.groups;
    const shown = finding.grouped ? groups.slice(0, examples) : groups.map((group) => group.slice(0, examples));
    const count = (of: typeof groups): number => (finding.grouped ? of.length : (of[0]?.length ?? 0));
    return { finding, groups: examples === 0 ? [] : shown, hidden: count(groups) - count(shown) };
  });
}

/** Unreadable files have no picture. */
function isSeen({ name }: Finding): boolean {
  return name !== "unreadable";
}

function countOf({ groups, grouped }: Finding): number {
  return grouped ? groups.length : (groups[0]?.length ?? 0);
}

function line(finding: Finding, width: number): Drawing {
  const count = countOf(finding);
  const style = { class: count === 0 ? "fm-muted" : "fm-ink" };
  const number = textAt(formatValue(count), 56, 12, { ...style, anchor: "end", bold: count > 0 });
  return { markup: number + textAt(finding.name, 66, 12, { ...style, room: width - 66 }), width, height: 15 };
}

function section(
  { finding, groups, hidden }: Shown,
  pixelsOf: (index: number) => RgbaPixels | undefined,
  width: number,
): readonly Drawing[] {
  if (groups.length === 0) return [];
  const name = `${finding.name.charAt(0).toUpperCase()}${finding.name.slice(1)}`;
  const title = heading(hidden > 0 ? `${name}, and ${formatValue(hidden)} more` : name, width, fontSizes.heading);
  const space = { markup: "", width, height: 8 };
  if (!isSeen(finding)) return [space, ...title, ...groups.flat().map((picture) => reason(picture, width))];
  const most = Math.max(Math.floor((width + tileGap) / (tileSide + tileGap)), 1);
  const side = (width - (most - 1) * tileGap) / most;
  const grids = groups.map((group): Drawing => {
    const shown = finding.grouped ? group.slice(0, mostOfGroup) : group;
    const columns = Math.min(shown.length, most);
    const room = columns * (side + tileGap) - tileGap;
    const grid = tileGrid(
      shown.map((picture) => tileOf(picture, pixelsOf(picture.index))),
      columns,
      room,
    );
    const rest = group.length - shown.length;
    return rest > 0 ? stacked([grid, remark(`and ${formatValue(rest)} more`, room)]) : grid;
  });
  // Wider gaps than within a group tell groups apart.
  return [space, ...title, flowing(grids, width + 1, 3 * tileGap, 10)];
}

function tileOf({ index, path, label, split, note }: Found, pixels: RgbaPixels | undefined): Tile {
  const where = [label, split === "all" ? null : split].filter((each) => each !== null);
  const lines = [fileName(path), where.join(", "), note].filter((each) => each !== "");
  return { index, pixels, title: lines.join("\n"), words: [path, ...lines.slice(1)].join("\n") };
}

function reason({ path, note }: Found, width: number): Drawing {
  const name = fileName(path);
  const room = Math.min(textWidth(name) + 10, width * 0.4);
  const markup =
    textAt(name, 0, 12, { room: room - 8 }) + textAt(note, room, 12, { class: "fm-muted", room: width - room });
  return { markup, width, height: 18 };
}

/** The last part of a path; the whole is in the tooltip. */
function fileName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}
