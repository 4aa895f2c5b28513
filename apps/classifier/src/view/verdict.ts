import type { Prediction } from "@featuremap/inference";
import { SURE, describeReading } from "./describe-reading.ts";
import { element } from "./element.ts";
import { formatName } from "./format.ts";

/** Milliseconds of rest after which a reading is said aloud: strokes in progress would talk over each other. */
const SETTLED = 700;

/** The machine's answer: large, with its probability, and spoken once it has settled. */
export class Verdict {
  readonly #label: HTMLElement = element("verdict-label", HTMLElement);
  readonly #headline: HTMLElement = element("verdict-headline", HTMLElement);
  readonly #detail: HTMLElement = element("verdict-detail", HTMLElement);
  readonly #announcement: HTMLElement = element("announcement", HTMLElement);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param predictions one or more, most probable first */
  show(predictions: readonly Prediction[]): void {
    const [best] = predictions;
    const { headline, detail, spoken } = describeReading(predictions);
    this.#set(formatName(best?.label ?? ""), headline, detail);
    this.#label.classList.toggle("unsure", (best?.probability ?? 0) < SURE);
    this.#say(spoken);
  }

  /** Shows no answer, but what there is to say about it. */
  blank(headline: string, detail: string): void {
    this.#set("", headline, detail);
    this.#say("");
  }

  #set(label: string, headline: string, detail: string): void {
    this.#label.textContent = label;
    this.#label.style.setProperty("--length", String(Math.max(1, Array.from(label).length)));
    this.#headline.textContent = headline;
    this.#detail.textContent = detail;
  }

  #say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#announcement.textContent = text;
    }, SETTLED);
  }
}
