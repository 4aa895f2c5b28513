import { element } from "../svg/element.ts";
import { seriesCount } from "../svg/theme.ts";

/** Colour is never the only sign: series differ in markers, and from the seventh on in dashes. */
const dashes: readonly (string | undefined)[] = [undefined, "7 4", "2 3"];

export function lineClass(series: number): string {
  return `fm-line-${(series % seriesCount) + 1}`;
}

export function fillClass(series: number): string {
  return `fm-fill-${(series % seriesCount) + 1}`;
}

export function dashOf(series: number): string | undefined {
  return dashes[Math.floor(series / seriesCount) % dashes.length];
}

/** A dot, square, triangle or diamond. */
export function marker(series: number, x: number, y: number, ...content: readonly string[]): string {
  const style = { class: fillClass(series) };
  const [left, above] = [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
  switch (series % 4) {
    case 0:
      return element("circle", { cx: x, cy: y, r: 3, ...style }, ...content);
    case 1:
      return element("path", { d: `M${left} ${above}m-3 -3h6v6h-6z`, ...style }, ...content);
    case 2:
      return element("path", { d: `M${left} ${above}m0 -4l4 7h-8z`, ...style }, ...content);
    default:
      return element("path", { d: `M${left} ${above}m0 -4l4 4l-4 4l-4 -4z`, ...style }, ...content);
  }
}
