/** A share as "87.5 %", as drawings tell it: never 0 % or 100 % unless it is that; a dash where there is none. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "\u2013";
  const value = share * 100;
  const text =
    value > 0 && value < 0.1
      ? "<\u00a00.1"
      : value < 100 && value > 99.9
        ? ">\u00a099.9"
        : value.toFixed(value === 0 || value === 100 ? 0 : 1);
  return `${text}\u00a0%`;
}

/** "32 x 32", across and down, on one line. */
export function sizeText([height, width]: readonly [height: number, width: number]): string {
  return `${width}\u00a0x\u00a0${height}`;
}

/** A setting's value. */
export function settingText(value: unknown): string {
  if (value === undefined || value === null) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A loss below a picture, where there is little room. */
export function shortLoss(loss: number): string {
  return `loss\u00a0${loss.toFixed(2)}`;
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
