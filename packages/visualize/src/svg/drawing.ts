import { element, escapeText } from "./element.ts";
import type { DrawingOptions } from "./drawing-options.ts";
import { fontSizes, lineHeight, textAt } from "./text.ts";
import { themeStyle } from "./theme.ts";

/** Markup whose upper left corner is at 0, 0, and the room it takes in pixels. */
export interface Drawing {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

/** Pixels around every drawing. */
export const outerMargin = 12;

/** Moves markup. */
export function at(x: number, y: number, ...markup: readonly string[]): string {
  return element("g", { transform: `translate(${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100})` }, ...markup);
}

/** Drawings below one another. */
export function stacked(drawings: readonly Drawing[], gap = 0): Drawing {
  let height = 0;
  const markup = drawings.map((drawing) => {
    const placed = at(0, height, drawing.markup);
    height += drawing.height + gap;
    return placed;
  });
  const width = drawings.reduce((most, drawing) => Math.max(most, drawing.width), 0);
  return { markup: markup.join(""), width, height: Math.max(height - gap, 0) };
}

/** Drawings side by side, in as many rows as are needed. */
export function flowing(drawings: readonly Drawing[], width: number, across: number, down: number): Drawing {
  let [x, y, high] = [0, 0, 0];
  const markup = drawings.map((drawing) => {
    if (x > 0 && x + drawing.width > width) [x, y, high] = [0, y + high + down, 0];
    const placed = at(x, y, drawing.markup);
    [x, high] = [x + drawing.width + across, Math.max(high, drawing.height)];
    return placed;
  });
  return { markup: markup.join(""), width, height: y + high };
}

/** A title, if there is one. */
export function heading(title: string | undefined, width: number, size: number = fontSizes.title): readonly Drawing[] {
  if (title === undefined || title === "") return [];
  const markup = textAt(title, 0, size, { size, bold: true, room: width });
  return [{ markup, width, height: size * lineHeight + 6 }];
}

/** Words in place of what cannot be drawn. */
export function remark(text: string, width: number): Drawing {
  return { markup: textAt(text, 0, fontSizes.normal, { class: "fm-muted", room: width }), width, height: 18 };
}

/**
 * The SVG document of a drawing, with a margin, in the colours of its theme.
 *
 * @param label what it shows, for those who do not see it; the title, if there is one
 */
export function svgDocument(drawing: Drawing, { theme, title, width }: DrawingOptions, label: string): string {
  const height = Math.ceil(drawing.height) + 2 * outerMargin;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: `fm-${theme}`,
      role: "img",
      "aria-label": title === undefined || title === "" ? label : title,
      direction: "ltr",
      "font-family": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
      "font-size": fontSizes.normal,
    },
    element("style", {}, escapeText(themeStyle(theme))),
    element("rect", { width, height, class: "fm-ground" }),
    at(outerMargin, outerMargin, drawing.markup),
  );
}
