/** A block of code on a page. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** Line of the page on which the code begins. */
  readonly line: number;
  /** Why it is not run: what stands behind `no-run:`. */
  readonly notRun?: string;
}

/** Every block of code of a page. */
export function blocksOf(text: string): Block[] {
  return Array.from(
    text.matchAll(/^```(\w*)([^\n]*)\n([^]*?)^```$/gm),
    ({ index, 1: language = "", 2: rest = "", 3: code = "" }) => {
      const notRun = /no-run(?:: (.*))?$/.exec(rest);
      const block = { language, code, line: text.slice(0, index).split("\n").length + 1 };
      return notRun === null ? block : { ...block, notRun: notRun[1] ?? "" };
    },
  );
}

/** Blocks of TypeScript that are one program. */
export interface Program {
  readonly code: string;
  readonly line: number;
  readonly notRun?: string;
}

/** The programs of a page: a block that begins with an import begins one, and a block without imports continues the last. */
export function programsOf(text: string): Program[] {
  const programs: Program[] = [];
  for (const { language, code, line, notRun } of blocksOf(text)) {
    if (language !== "ts") continue;
    const last = programs.at(-1);
    if (notRun !== undefined) programs.push({ code, line, notRun });
    else if (last === undefined || last.notRun !== undefined || code.startsWith("import "))
      programs.push({ code, line });
    else programs[programs.length - 1] = { ...last, code: `${last.code}\n${code}` };
  }
  return programs;
}
