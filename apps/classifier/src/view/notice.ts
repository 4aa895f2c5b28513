import { printable } from "@featuremap/tensor";
import { element } from "./element.ts";

/** Characters of a title or a text. */
const LONGEST = 600;

/** One message at the head of the page, above what it is about, that stays until it is dismissed or overtaken. */
export class Notice {
  readonly #box: HTMLElement = element("notice", HTMLElement);
  readonly #title: HTMLElement = element("notice-title", HTMLElement);
  readonly #text: HTMLElement = element("notice-text", HTMLElement);

  constructor() {
    element("notice-close", HTMLButtonElement).addEventListener("click", () => this.hide());
  }

  get isShown(): boolean {
    return !this.#box.hidden;
  }

  show(title: string, text: string): void {
    // Names of files and addresses are among it.
    this.#title.textContent = printable(title, LONGEST);
    this.#text.textContent = printable(text, LONGEST);
    this.#box.hidden = false;
    this.#box.scrollIntoView({ block: "nearest" });
  }

  hide(): void {
    this.#box.hidden = true;
  }
}
