import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { percent } from "../axes/percent.ts";
import { formatValue } from "../axes/ticks.ts";
import {
  type PlotOptions,
  plotOptions,
  readPlotOptions,
  requireInteger,
  requireTexts,
} from "../svg/drawing-options.ts";
import { type Drawing, at, heading, outerMargin, remark, stacked, svgDocument } from "../svg/drawing.ts";
import { type Attributes, element, tooltip } from "../svg/element.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import { strongHeat } from "../svg/theme.ts";
import { manyCells, manyColor, strengthOf } from "./many-cells.ts";
import { type ConfusionCounts, type ConfusionMatrixCounts, readMatrix } from "./read-matrix.ts";

export interface PlotConfusionMatrixOptions extends PlotOptions {
  /** What each class index stands for. Default: its number. */
  readonly classNames?: readonly string[] | undefined;
  /** How many pairs of classes that are most often confused are listed below. Default: 8 of more than 25 classes, else none. */
  readonly mostConfused?: number | undefined;
}

const matrixOptions: OptionNames<PlotConfusionMatrixOptions> = { ...plotOptions, classNames: true, mostConfused: true };

/** Classes up to which each cell is an element of its own. */
const mostElements = 40;
/** Classes beyond which what is most often confused is listed, as not every cell has room for its number. */
const mostNumbers = 25;
const largestCell = 64;

/**
 * Draws a confusion matrix: a row for each true class, a column for each predicted one. Colour is the share of the row; cells
 * hold the number of pictures and, where there is room, that share.
 *
 * Elements of cells have `data-row` and `data-column`, up to 40 classes. Of more, the matrix is one picture of at most 500 by 500
 * cells, each with the largest share of the classes that it stands for, and what is most often confused is listed.
 *
 * @returns an SVG document, for a file or a page
 * @throws {InvalidConfigError | ShapeError} the matrix or an option is not what it may be.
 */
export function plotConfusionMatrix(matrix: ConfusionMatrixCounts, options: PlotConfusionMatrixOptions = {}): string {
  const owner = "plotConfusionMatrix";
  const drawing = readPlotOptions(owner, options, matrixOptions);
  const counts = readMatrix(owner, matrix);
  const names = readNames(owner, options.classNames, counts.classes);
  const { mostConfused = counts.classes > mostNumbers ? 8 : 0 } = options;
  requireInteger(owner, "mostConfused", mostConfused, 0, 1000);
  const width = drawing.width - 2 * outerMargin;
  const content = [
    ...heading(drawing.title, width),
    summary(counts, width),
    body(counts, names, width),
    scaleOf(width, counts.classes > mostElements ? { fill: manyColor } : { class: "fm-heat" }),
    ...(mostConfused > 0 ? [confusions(counts, names, width, mostConfused)] : []),
  ];
  return svgDocument(stacked(content, 4), drawing, `Confusion matrix of ${counts.classes} classes`);
}

function readNames(owner: string, names: unknown, classes: number): readonly string[] {
  if (names === undefined) return Array.from({ length: classes }, (_, index) => String(index));
  const texts = requireTexts(owner, "classNames", names);
  if (texts.length === classes) return texts;
  throw new InvalidConfigError(owner, "classNames", `${classes}, one for each row`, `${texts.length}`);
}

function summary({ classes, at: count, total }: ConfusionCounts, width: number): Drawing {
  let [right, all] = [0, 0];
  for (let index = 0; index < classes; index++) [right, all] = [right + count(index, index), all + total(index)];
  if (all === 0) return remark("No pictures.", width);
  return remark(`${percent(right / all)} of ${formatValue(all)} right`, width);
}

/** The cells, with names at the left and below. */
function body(counts: ConfusionCounts, names: readonly string[], width: number): Drawing {
  const { classes } = counts;
  const widest = names.slice(0, 1000).reduce((most, name) => Math.max(most, textWidth(name, fontSizes.small)), 0);
  const left = Math.min(widest + 8, width * 0.3);
  const cell = Math.min((width - left) / classes, largestCell);
  const side = cell * classes;
  const lying = widest + 6 <= cell;
  const below = lying ? 18 : Math.min(widest + 8, Math.max(width * 0.2, 110));
  const top = 18;
  const stride = Math.max(Math.ceil(12 / cell), 1);
  const labels = names.flatMap((name, index) => {
    if (index % stride !== 0) return [];
    const middle = (index + stride / 2 < classes ? index + 0.5 : classes - 0.5) * cell;
    const style = { anchor: "end", size: fontSizes.small, keepsEnd: true } as const;
    const row = textAt(name, left - 6, top + middle + 4, { ...style, room: left - 7 });
    const [x, y] = [left + middle, top + side];
    const column = lying
      ? textAt(name, x, y + 14, { anchor: "middle", size: fontSizes.small })
      : textAt(name, x + 4, y + 6, { ...style, rotate: -90, room: below - 7 });
    return [row, column];
  });
  const cells = classes <= mostElements ? fewCells(counts, names, cell) : manyCells(counts, side);
  const frame = element("rect", { width: side, height: side, class: "fm-axis" });
  const axes = [
    textAt("true", 0, 12, { size: fontSizes.small, class: "fm-muted" }),
    textAt("predicted", left + side / 2, top + side + below + 8, {
      anchor: "middle",
      size: fontSizes.small,
      class: "fm-muted",
    }),
  ];
  const markup = [...labels, at(left, top, cells, frame), ...axes].join("");
  return { markup, width, height: top + side + below + 16 };
}

function fewCells(counts: ConfusionCounts, names: readonly string[], cell: number): string {
  const { classes } = counts;
  const size = sizeOfNumbers(counts, cell);
  const cells = Array.from({ length: classes ** 2 }, (_, index) => {
    const [row, column] = [Math.floor(index / classes), index % classes];
    const [count, total] = [counts.at(row, column), counts.total(row)];
    const share = total === 0 ? 0 : count / total;
    const words = `${names[row]}${row === column ? ", right" : ` taken for ${names[column]}`}\n`;
    const place = { x: column * cell, y: row * cell, width: cell, height: cell };
    const numbers = count === 0 ? "" : numbersIn(count, share, place, size);
    const text = `${words}${formatValue(count)} of ${formatValue(total)}${total === 0 ? "" : `, ${percent(share)}`}`;
    return element(
      "g",
      { "data-row": row, "data-column": column },
      tooltip(text),
      element("rect", { ...place, class: "fm-heat", "fill-opacity": strengthOf(share) }),
      element("rect", { ...place, class: "fm-grid", "stroke-width": 0.5 }),
      numbers,
    );
  });
  return cells.join("");
}

/** The largest size at which every count fits into its cell; the smallest that can be read if there is none. */
function sizeOfNumbers({ classes, at: count }: ConfusionCounts, cell: number): number {
  const counts = Array.from({ length: classes ** 2 }, (_, index) =>
    count(Math.floor(index / classes), index % classes),
  );
  const widest = counts.reduce((most, each) => Math.max(most, textWidth(formatValue(each), 1)), 0);
  return [12, 11, 10, 9].find((size) => widest * size <= cell - 3 && size * 1.2 <= cell) ?? 8;
}

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 2 });

/** The count, shortened where it is long, and the share below it where both fit. */
function numbersIn(
  count: number,
  share: number,
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  size: number,
): string {
  const words = [formatValue(count), compact.format(count)].find((each) => textWidth(each, size) <= width - 2);
  if (words === undefined || size * 1.2 > height) return "";
  const style = { anchor: "middle", class: strengthOf(share) > strongHeat ? "fm-over" : "fm-under" } as const;
  const second = percent(share);
  const both = height >= 34 && textWidth(second, 9) <= width - 3;
  const middle = x + width / 2;
  const first = textAt(words, middle, y + height / 2 + (both ? -1 : size * 0.36), { ...style, size });
  return first + (both ? textAt(second, middle, y + height / 2 + 12, { ...style, size: 9 }) : "");
}

/** What the colours mean. */
function scaleOf(width: number, color: Attributes): Drawing {
  const shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1];
  const step = Math.min(44, width / shares.length);
  const markup = shares.map((share, index) => {
    const place = { x: index * step, y: 4, width: step, height: 10 };
    const box = element("rect", { ...place, ...color, "fill-opacity": strengthOf(share) });
    const label = textAt(`${share * 100}`, (index + 0.5) * step, 26, { anchor: "middle", size: 9, class: "fm-muted" });
    return box + element("rect", { ...place, class: "fm-grid" }) + label;
  });
  const words = "% of the true class";
  const left = step * shares.length + 8;
  const beside = left + textWidth(words, fontSizes.small) <= width;
  markup.push(textAt(words, beside ? left : 0, beside ? 14 : 42, { size: fontSizes.small, class: "fm-muted" }));
  return { markup: markup.join(""), width, height: beside ? 30 : 46 };
}

/** What is confused most often, by the share of the true class. */
function confusions(
  { classes, at: count, total }: ConfusionCounts,
  names: readonly string[],
  width: number,
  listed: number,
): Drawing {
  let most: { readonly row: number; readonly column: number; readonly share: number }[] = [];
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const share = count(row, column) / Math.max(total(row), Number.MIN_VALUE);
      if (row === column || share <= (most[listed - 1]?.share ?? 0)) continue;
      most = [...most, { row, column, share }].toSorted((a, b) => b.share - a.share).slice(0, listed);
    }
  }
  const lines = most.map(({ row, column, share }): Drawing => {
    const numbers = `${formatValue(count(row, column))} of ${formatValue(total(row))}, ${percent(share)}`;
    const room = Math.max(width - textWidth(numbers) - 12, 40);
    const words = textAt(`${names[row]} \u2192 ${names[column]}`, 0, 12, { room });
    return { markup: words + textAt(numbers, width, 12, { anchor: "end", class: "fm-muted" }), width, height: 18 };
  });
  return stacked(lines.length === 0 ? [] : [...heading("Most often confused", width, fontSizes.heading), ...lines]);
}
