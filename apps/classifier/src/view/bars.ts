import type { Prediction } from "@featuremap/inference";
import { formatName, formatPercent } from "./format.ts";

/** With more classes than this, the most probable ones are shown in order of probability. */
const FIXED_ROWS = 12;
const RANKED_ROWS = 10;

interface Row {
  readonly item: HTMLLIElement;
  readonly bubble: HTMLSpanElement;
  readonly percent: HTMLSpanElement;
}

/**
 * The chart of probabilities: one bubble, bar and percentage a class.
 *
 * Up to 12 classes each keep their row, so that bars grow and shrink in place; of more, the first 10 are ranked.
 */
export class Bars {
  readonly #list: HTMLElement;
  #rows: readonly Row[] = [];
  #labels: readonly string[] = [];

  /** The list begins as 10 rows that wait for a model. */
  constructor(list: HTMLElement) {
    this.#list = list;
    this.#build(Array.from({ length: RANKED_ROWS }, () => "0"));
    list.classList.add("waiting");
  }

  /** How many of the most probable classes `show` needs. */
  get wanted(): number {
    return this.#ranked ? RANKED_ROWS : this.#labels.length;
  }

  /** Takes the classes of a model. */
  begin(labels: readonly string[]): void {
    this.#labels = labels;
    this.#list.classList.remove("waiting");
    this.#build(this.#ranked ? labels.slice(0, RANKED_ROWS) : labels);
    this.blank();
  }

  /** Shows probabilities, most probable first. */
  show(predictions: readonly Prediction[]): void {
    this.#list.classList.remove("blank");
    const [best] = predictions;
    for (const [rank, prediction] of predictions.entries()) {
      const row = this.#rows[this.#ranked ? rank : prediction.index];
      if (row === undefined) continue;
      if (this.#ranked) setLabel(row, prediction.label);
      setProbability(row, prediction.probability, prediction === best);
    }
  }

  /** Empties all bars. */
  blank(): void {
    this.#list.classList.add("blank");
    for (const row of this.#rows) setProbability(row, 0, false);
  }

  get #ranked(): boolean {
    return this.#labels.length > FIXED_ROWS;
  }

  #build(labels: readonly string[]): void {
    this.#rows = labels.map((label) => {
      const row = { item: document.createElement("li"), bubble: span("bubble"), percent: span("percent") };
      const track = span("track");
      track.append(span("fill"));
      row.item.append(row.bubble, track, row.percent);
      setLabel(row, label);
      setProbability(row, 0, false);
      return row;
    });
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
  }
}

function setLabel({ bubble }: Row, label: string): void {
  bubble.textContent = formatName(label);
  bubble.title = formatName(label);
}

function setProbability({ item, percent }: Row, probability: number, best: boolean): void {
  item.style.setProperty("--probability", probability.toFixed(4));
  item.classList.toggle("best", best);
  percent.textContent = formatPercent(probability);
}

function span(className: string): HTMLSpanElement {
  const made = document.createElement("span");
  made.className = className;
  return made;
}
