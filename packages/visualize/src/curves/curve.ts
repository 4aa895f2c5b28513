import { coordinate } from "../axes/frame.ts";
import type { Frame } from "../axes/frame.ts";
import { dashOf, lineClass, marker } from "../axes/series.ts";
import { element, rounded, tooltip } from "../svg/element.ts";
import { type Point, thinned } from "./thin.ts";

/** Values over places on the axis below; those that cannot be drawn leave a gap. */
export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Points up to which each has its marker and its tooltip. */
const mostMarkers = 40;

/**
 * Draws a curve into a frame: a line with gaps, markers where points are few, and crosses at the top for values that an axis cannot
 * hold.
 *
 * @param series which one it is, for its colour
 * @param isDrawn whether the axis can hold a value
 * @param describe what a tooltip says of a point
 */
export function drawCurve(
  { x, y }: Curve,
  frame: Frame,
  series: number,
  isDrawn: (value: number) => boolean,
  describe: (index: number) => string,
): string {
  const runs: number[][] = [];
  const lost = new Map<number, string>();
  let run: number[] = [];
  for (let index = 0; index < y.length; index++) {
    if (isDrawn(y[index] ?? Number.NaN)) {
      if (run.length === 0) runs.push(run);
      run.push(index);
    } else {
      run = [];
      const place = rounded(frame.x(x[index] ?? 0));
      const column = Math.floor(place / 4);
      if (!lost.has(column)) lost.set(column, cross(place, frame.top, series, describe(index)));
    }
  }
  const point = (index: number): Point => ({ x: frame.x(x[index] ?? 0), y: frame.y(y[index] ?? 0) });
  const lines = runs.filter((indices) => indices.length > 1).map((indices) => thinned(indices.map(point)));
  const d = lines.map((line) => `M${line.map((each) => `${coordinate(each.x)} ${coordinate(each.y)}`).join("L")}`);
  const attributes = {
    class: lineClass(series),
    "stroke-width": y.length > 1000 ? 1.25 : 2,
    "stroke-linejoin": "round",
    "stroke-dasharray": dashOf(series),
  };
  const path = d.length === 0 ? "" : element("path", { d: d.join(""), ...attributes });
  const shown = y.length <= mostMarkers ? runs.flat() : runs.filter(({ length }) => length === 1).flat();
  const columns = new Map(shown.map((index) => [Math.floor(point(index).x * 2), index]));
  const markers = [...(y.length <= mostMarkers ? shown : columns.values())].map((index) => {
    const { x: left, y: above } = point(index);
    return marker(series, left, above, tooltip(describe(index)));
  });
  return [path, ...markers, ...lost.values()].join("");
}

function cross(x: number, top: number, series: number, text: string): string {
  // Below one another, as a loss that is not finite is so on both sides.
  const d = `M${x} ${top + 4 + series * 9}m-3.5 -3.5l7 7m0 -7l-7 7`;
  return element("path", { d, class: lineClass(series), "stroke-width": 1.75 }, tooltip(text));
}
