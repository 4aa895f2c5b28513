import type { TextStream } from "../terminal/terminal.ts";

/** A terminal that only knows what is used here: lines, going back to the start of one, going up, and erasing. */
export class Screen implements TextStream {
  readonly isTTY = true;
  readonly columns: number;
  readonly #rows: { text: string; isContinued: boolean }[] = [{ text: "", isContinued: false }];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** What is to be seen, lines that were too long as one, without blank lines at the end. */
  get text(): string {
    const rows = this.#rows.map(({ text, isContinued }) => (isContinued ? text : `\n${text}`));
    return rows.join("").slice(1).trimEnd();
  }

  write(text: string): void {
    const characters = Array.from(text);
    while (characters.length > 0) {
      const first = characters.shift() ?? "";
      if (first !== "\u001B") this.#put(first);
      else {
        const end = characters.findIndex((character) => /[A-Z]/.test(character));
        const [, ...sequence] = characters.splice(0, end + 1);
        this.#obey(sequence.at(-1) ?? "", Number(sequence.slice(0, -1).join("") || "1"));
      }
    }
  }

  #obey(command: string, count: number): void {
    if (command === "A") this.#row = Math.max(0, this.#row - count);
    else if (command === "J" || command === "K") {
      const row = this.#rows[this.#row];
      if (row !== undefined) row.text = row.text.slice(0, this.#column);
      if (command === "J") this.#rows.length = this.#row + 1;
    } else throw new Error(`There is no command ${command}.`);
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#down(false);
    else {
      if (this.#column >= this.columns) this.#down(true);
      const row = this.#rows[this.#row];
      if (row === undefined) return;
      row.text = row.text.padEnd(this.#column).slice(0, this.#column) + character + row.text.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #down(isContinued: boolean): void {
    this.#row += 1;
    this.#column = 0;
    this.#rows[this.#row] ??= { text: "", isContinued };
  }
}
