import { formatCount } from "../../terminal/format.ts";

/** A share as "87.5 %"; a dash where there is none. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}\u00a0%` : "\u2013";
}

/** A loss below a picture, where there is little room. */
export function shortLoss(loss: number): string {
  return `loss\u00a0${loss.toFixed(2)}`;
}

/** "1 picture", "2 pictures". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The last two parts of a path: its folder, which often is its class, and its name. */
export function shortPath(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).slice(-2).join("/");
}

/** The class, or its number where it has no name. */
export function className(classNames: readonly string[], index: number): string {
  const name = classNames[index];
  return name === undefined || name === "" ? `class ${index}` : name;
}

/** What the network said of a picture, and what is right. */
export function answerOf(
  classNames: readonly string[],
  picture: {
    readonly label: number;
    readonly predicted?: number;
    readonly probability?: number;
    readonly loss?: number;
  },
): { readonly isWrong: boolean; readonly lines: readonly string[] } {
  const { label, predicted, probability = Number.NaN, loss } = picture;
  const right = className(classNames, label);
  if (predicted === undefined) return { isWrong: false, lines: [right] };
  const answer = `${className(classNames, predicted)}, ${percent(probability)}`;
  if (predicted === label) return { isWrong: false, lines: [answer] };
  return {
    isWrong: true,
    lines: [answer, `is ${right}`, ...(loss === undefined ? [] : [shortLoss(loss)])],
  };
}
