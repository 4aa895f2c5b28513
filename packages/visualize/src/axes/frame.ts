import { element } from "../svg/element.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import type { Scale } from "./scale.ts";

/** The room between the axes, in pixels, and where values lie in it. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Grid, numbers and names of the axes. */
  readonly markup: string;
}

export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly xName?: string;
  /** Above the axis, as text that is turned is hard to read. */
  readonly yName?: string;
  /** Pixels left of the axis, so that frames below one another begin alike. Default: what its numbers take. */
  readonly left?: number;
  /** Whether lines cross the room at the marks below. Default: true. */
  readonly upright?: boolean;
}

/** Pixels between two numbers below an axis. */
const numberGap = 10;

/** Pixels that the numbers beside an axis take. */
export function roomBeside({ ticks }: Scale): number {
  return Math.max(0, ...ticks.map(({ label }) => textWidth(label, fontSizes.small))) + 8;
}

/** Draws two axes in a room of `width` by `height`, with space for their numbers. */
export function frameOf(options: FrameOptions): Frame {
  const { width, height, x: across, y: up, xName, yName, upright = true } = options;
  const size = fontSizes.small;
  const lastHalf = textWidth(across.ticks.at(-1)?.label ?? "", size) / 2;
  const [left, right] = [
    Math.min(options.left ?? roomBeside(up), width / 2),
    width - Math.max(lastHalf * endShare(across), 6),
  ];
  const [top, bottom] = [yName === undefined ? 6 : 22, height - (xName === undefined ? 20 : 36)];
  const x = (value: number): number => left + across.position(value) * (right - left);
  const y = (value: number): number => bottom - up.position(value) * (bottom - top);
  let free = Number.NEGATIVE_INFINITY;
  const below = across.ticks.map(({ value, label }) => {
    const place = x(value);
    const half = textWidth(label, size) / 2;
    const fits = place - half >= free;
    if (fits) free = place + half + numberGap;
    const line = upright ? element("path", { d: `M${coordinate(place)} ${top}V${bottom}`, class: "fm-grid" }) : "";
    return line + (fits ? textAt(label, place, bottom + 15, { anchor: "middle", size, class: "fm-muted" }) : "");
  });
  const beside = up.ticks.map(({ value, label }) => {
    const place = y(value);
    const line = element("path", {
      d: `M${coordinate(left)} ${coordinate(place)}H${coordinate(right)}`,
      class: "fm-grid",
    });
    return line + textAt(label, left - 6, place + 4, { anchor: "end", size, class: "fm-muted" });
  });
  const names = [
    ...(xName === undefined
      ? []
      : [
          textAt(xName, (left + right) / 2, height - 4, {
            anchor: "middle",
            size,
            class: "fm-muted",
            room: right - left,
          }),
        ]),
    ...(yName === undefined ? [] : [textAt(yName, 0, 10, { size, class: "fm-muted", room: width })]),
  ];
  const base = element("path", { d: `M${coordinate(left)} ${bottom}H${coordinate(right)}`, class: "fm-axis" });
  return { left, top, right, bottom, x, y, markup: [...below, ...beside, base, ...names].join("") };
}

/** How much of the last number below may stand out at the right: all of it where it is at the end. */
function endShare({ ticks, position }: Scale): number {
  const last = ticks.at(-1);
  return last !== undefined && position(last.value) > 0.95 ? 1 : 0;
}

/** A position in hundredths of a pixel, as paths hold it. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}
