import { type Attributes, element, escapeText, tooltip } from "./element.ts";

/** Pixels of a line's height by the font's size. */
export const lineHeight = 1.35;
/** Font sizes in pixels. */
export const fontSizes = { small: 11, normal: 12, heading: 13, title: 15 } as const;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** How much wider bold text is. */
const boldWidth = 1.12;
/** Characters beyond which no text is measured: none so long is ever shown whole. */
const longestText = 400;

/** How wide text will be, in pixels: an estimate for common sans-serif fonts, rather too wide than too narrow. */
export function textWidth(text: string, size: number = fontSizes.normal, bold = false): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text.slice(0, longestText))) width += widthOf(segment);
  return width * size * (bold ? boldWidth : 1);
}

/** Width of one character as a share of the font's size. */
function widthOf(character: string): number {
  if (/^[ilj.,:;'|!()[\]ftrI/ -]/.test(character)) return 0.4;
  if (/^[mwMW%@]/.test(character)) return 0.98;
  if (/^[A-Z&]/.test(character)) return 0.74;
  if (/^[\u0020-\u02ff]/.test(character)) return 0.63;
  if (/^[\u0300-\u10ff]/.test(character)) return 0.68;
  return /^\p{Extended_Pictographic}/u.test(character) ? 1.4 : 1.05;
}

/**
 * Text that is no wider than `room` pixels, by an estimate; an ellipsis stands for what was cut off.
 *
 * @param keepsEnd whether it is cut in its middle, as names of classes are, which may begin alike and differ in their ends
 */
export function fitText(
  text: string,
  room: number,
  size: number = fontSizes.normal,
  bold = false,
  keepsEnd = false,
): string {
  if (text.length <= longestText && textWidth(text, size, bold) <= room) return text;
  const left = room / (bold ? boldWidth : 1) - textWidth("\u2026", size);
  const end = keepsEnd ? startOf(charactersOf(text.slice(-longestText)).toReversed(), left / 2 / size) : [];
  const endWidth = end.reduce((sum, character) => sum + widthOf(character), 0);
  const start = startOf(charactersOf(text.slice(0, longestText)), left / size - endWidth);
  return `${start.join("").trimEnd()}\u2026${end.toReversed().join("").trimStart()}`;
}

function charactersOf(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** The first characters that are no wider than `room` times the font's size. */
function startOf(characters: readonly string[], room: number): readonly string[] {
  let width = 0;
  const end = characters.findIndex((character) => (width += widthOf(character)) > room);
  return end === -1 ? characters : characters.slice(0, end);
}

export interface TextStyle {
  readonly anchor?: "start" | "middle" | "end";
  /** Default: 12. */
  readonly size?: number;
  /** Classes of the theme. Default: `fm-ink`. */
  readonly class?: string;
  readonly bold?: boolean;
  /** Pixels that the text may take; what is longer is cut, and is whole in the tooltip. */
  readonly room?: number;
  /** Whether it is cut in its middle. Default: false, at its end. */
  readonly keepsEnd?: boolean;
  /** Degrees around its position, clockwise. */
  readonly rotate?: number;
}

/** A line of text whose baseline begins, is centred or ends at `x`, `y`. */
export function textAt(text: string, x: number, y: number, style: TextStyle = {}): string {
  const { anchor, size = fontSizes.normal, bold = false, room = Number.POSITIVE_INFINITY, keepsEnd, rotate } = style;
  const shown = Number.isFinite(room) ? fitText(text, room, size, bold, keepsEnd) : text;
  const attributes: Attributes = {
    x,
    y,
    "text-anchor": anchor === "start" ? undefined : anchor,
    "font-size": size === fontSizes.normal ? undefined : size,
    "font-weight": bold ? 600 : undefined,
    class: style.class ?? "fm-ink",
    transform:
      rotate === undefined ? undefined : `rotate(${rotate} ${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100})`,
  };
  return element("text", attributes, ...(shown === text ? [] : [tooltip(text)]), escapeText(shown));
}
