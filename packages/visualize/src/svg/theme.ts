/** `auto` follows what the reader's system prefers, as far as the viewer knows CSS; elsewhere, and on paper, it is light. */
export type Theme = "auto" | "light" | "dark";

/** Series that have a colour of their own; those after them begin anew, with another dash. */
export const seriesCount = 6;

interface Colors {
  readonly ground: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  /** Of shares: drawn at an opacity, on the ground. */
  readonly heat: string;
  /** Text on an opacity of up to {@link strongHeat}, and on a higher one. */
  readonly under: string;
  readonly over: string;
  readonly alert: string;
  readonly series: readonly string[];
}

/** Where black and white stand out from heat alike, in both themes: by 4.5:1 on any opacity. */
export const strongHeat = 0.679;

/** Series after Okabe and Ito, "Color Universal Design", 2008, each made to stand out by 3:1 from its ground. */
const light: Colors = {
  ground: "#ffffff",
  ink: "#1f2933",
  muted: "#5b6672",
  grid: "#e4e8ec",
  axis: "#8a949e",
  heat: "#063872",
  under: "#000000",
  over: "#ffffff",
  alert: "#b3261e",
  series: ["#0072b2", "#d55e00", "#00855f", "#b4548c", "#7a6a00", "#4f5b66"],
};

const dark: Colors = {
  ground: "#14181d",
  ink: "#e6eaee",
  muted: "#a3adb8",
  grid: "#2b323a",
  axis: "#6b7681",
  heat: "#5ea7eb",
  under: "#ffffff",
  over: "#000000",
  alert: "#ff8a80",
  series: ["#56b4e9", "#f2994a", "#34c79a", "#e39ac4", "#e6d95c", "#c3cbd3"],
};

function rules(scope: string, colors: Colors): string {
  const { ground, ink, muted, grid, axis, heat, under, over, alert } = colors;
  const fills = { ground, ink, muted, heat, under, over, alert };
  const strokes = { grid, axis, halo: ground };
  return [
    ...Object.entries(fills).map(([name, color]) => `${scope} .fm-${name}{fill:${color}}`),
    ...Object.entries(strokes).map(([name, color]) => `${scope} .fm-${name}{stroke:${color};fill:none}`),
    ...colors.series.flatMap((color, index) => [
      `${scope} .fm-fill-${index + 1}{fill:${color}}`,
      `${scope} .fm-line-${index + 1}{stroke:${color};fill:none}`,
    ]),
  ].join("");
}

/** Plain colours and no variables, for viewers that know little CSS. Every rule is below the drawing's own class. */
const styles: Readonly<Record<Theme, string>> = {
  light: rules(".fm-light", light),
  dark: rules(".fm-dark", dark),
  auto: `${rules(".fm-auto", light)}@media screen and (prefers-color-scheme:dark){${rules(".fm-auto", dark)}}`,
};

export function themeStyle(theme: Theme): string {
  return styles[theme];
}
