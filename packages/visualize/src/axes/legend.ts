import type { Drawing } from "../svg/drawing.ts";
import { element } from "../svg/element.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import { dashOf, fillClass, lineClass, marker } from "./series.ts";

const [gap, row] = [18, 20];
/** Pixels of the sign before a name. */
const swatches = { lines: 22, areas: 12 } as const;

/** The names of series beside their colours, in as many rows as are needed. */
export function legend(names: readonly string[], width: number, kind: "lines" | "areas"): Drawing {
  const swatch = swatches[kind];
  let [x, y] = [0, 0];
  const entries = names.map((name, index) => {
    const wanted = swatch + 6 + textWidth(name);
    if (x > 0 && x + wanted > width) [x, y] = [0, y + row];
    const sign =
      kind === "lines"
        ? element("path", {
            d: `M${x} ${y + 8}h${swatch}`,
            class: lineClass(index),
            "stroke-width": 2,
            "stroke-dasharray": dashOf(index),
          }) + marker(index, x + swatch / 2, y + 8)
        : element("rect", { x, y: y + 2, width: swatch, height: swatch, rx: 2, class: fillClass(index) });
    const drawn = sign + textAt(name, x + swatch + 6, y + 12, { room: width - x - swatch - 6 });
    x += wanted + gap;
    return drawn;
  });
  return { markup: entries.join(""), width, height: names.length === 0 ? 0 : y + row + fontSizes.small / 2 };
}
