import { frameOf } from "../axes/frame.ts";
import { legend } from "../axes/legend.ts";
import { countScale, tightScale } from "../axes/scale.ts";
import { fillClass } from "../axes/series.ts";
import { formatValue } from "../axes/ticks.ts";
import { type Drawing, remark, stacked } from "../svg/drawing.ts";
import { element, tooltip } from "../svg/element.ts";
import { fontSizes, textAt, textWidth } from "../svg/text.ts";
import type { CountTable } from "./read-counts.ts";

/** Names up to which each has its bar. */
const mostBars = 60;
const unnamed = "(no name)";

/** Bars that lie below one another, each with its name and number; a profile from the largest to the smallest where they are many. */
export function barChart(table: CountTable, width: number): Drawing {
  if (table.labels.length === 0) return remark("Nothing to count.", width);
  return table.labels.length > mostBars ? profile(table, width) : lyingBars(table, width);
}

function lyingBars({ labels, series }: CountTable, width: number): Drawing {
  const widest = Math.max(...labels.map((label) => textWidth(label === "" ? unnamed : label)));
  const left = Math.min(widest + 8, width * 0.36);
  const all = series.flatMap(({ values }) => values);
  const numbers = all.reduce((most, value) => Math.max(most, textWidth(formatValue(value), fontSizes.small)), 0);
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  const room = Math.max(width - left - numbers - 8, 10);
  const thickness = series.length > 1 ? 12 : 16;
  const height = series.length * thickness + 6;
  const rows = labels.map((label, index): Drawing => {
    const name = label === "" ? unnamed : label;
    const bars = series.map(({ name: own, values }, place) => {
      const value = values[index] ?? 0;
      const [length, y] = [most === 0 ? 0 : (value / most) * room, place * thickness + 2];
      const words = `${name}${own === "" ? "" : `, ${own}`}\n${formatValue(value)}`;
      const bar = {
        x: left,
        y,
        width: value === 0 ? 0 : Math.max(length, 0.75),
        height: thickness - 2,
        class: fillClass(place),
      };
      const number = { size: fontSizes.small, class: "fm-muted" };
      return (
        element("rect", bar, tooltip(words)) +
        textAt(formatValue(value), left + length + 5, y + thickness / 2 + 3, number)
      );
    });
    const title = textAt(name, left - 8, height / 2 + 3, { anchor: "end", room: left - 8, keepsEnd: true });
    return { markup: title + bars.join(""), width, height };
  });
  const names =
    series.length > 1
      ? [
          legend(
            series.map(({ name }) => name),
            width,
            "areas",
          ),
        ]
      : [];
  return stacked([...names, ...rows]);
}

function profile({ labels, series }: CountTable, width: number): Drawing {
  const totals = labels.map((label, index) => ({
    label: label === "" ? unnamed : label,
    count: series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  }));
  const sorted = totals.toSorted((a, b) => b.count - a.count);
  const [largest, smallest] = [sorted[0], sorted.at(-1)];
  const height = 220;
  const frame = frameOf({
    width,
    height,
    x: tightScale(0, sorted.length, width / 70),
    y: countScale(largest?.count ?? 1, 5),
    xName: "classes by their size",
    upright: false,
  });
  // One step for each pixel at most: the counts fall, so that none stands out that is left out.
  const stride = Math.max(Math.floor(sorted.length / width), 1);
  const steps = sorted.flatMap(({ count }, index) =>
    index % stride === 0
      ? [
          `V${Math.round(frame.y(count) * 10) / 10}H${Math.round(frame.x(Math.min(index + stride, sorted.length)) * 10) / 10}`,
        ]
      : [],
  );
  const area = element("path", {
    d: `M${frame.left} ${frame.bottom}${steps.join("")}V${frame.bottom}z`,
    class: fillClass(0),
  });
  const lines = [largest, smallest].flatMap((each, index) =>
    each === undefined
      ? []
      : [remark(`${index === 0 ? "most" : "fewest"}: ${formatValue(each.count)}, ${each.label}`, width)],
  );
  return stacked([
    remark(`${formatValue(labels.length)} classes`, width),
    ...lines,
    { markup: frame.markup + area, width, height },
  ]);
}
