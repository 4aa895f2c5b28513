import { element } from "./element.ts";

/** One message at the foot of the page that stays until it is dismissed or overtaken. */
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
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#box.hidden = false;
  }

  hide(): void {
    this.#box.hidden = true;
  }
}
