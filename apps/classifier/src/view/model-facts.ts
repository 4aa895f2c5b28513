import type { LoadedModel } from "../model/model-host.ts";
import { element } from "./element.ts";
import { formatDuration, formatName, formatShare, toSentence } from "./format.ts";

const WHOLE = new Intl.NumberFormat("en");

/** The fields that say which model is in use, on what it runs and how fast. */
export class ModelFacts {
  readonly #name: HTMLElement = element("model-name", HTMLElement);
  readonly #facts: HTMLElement = element("model-facts", HTMLElement);
  readonly #line: HTMLElement = element("model-line", HTMLElement);
  readonly #progress: HTMLElement = element("progress", HTMLElement);
  readonly #deviceName: HTMLElement = element("device-name", HTMLElement);
  readonly #deviceReason: HTMLElement = element("device-reason", HTMLElement);
  readonly #timing: HTMLElement = element("timing", HTMLElement);

  showModel({ name, classifier }: LoadedModel): void {
    const { model, labels, preprocessing, device, metrics } = classifier;
    const [height, width] = preprocessing.size;
    const colour = preprocessing.channels === "grayscale" ? "grey" : "colour";
    this.#name.textContent = formatName(name);
    this.#facts.textContent = [
      `${WHOLE.format(model.countParams())} parameters`,
      `${WHOLE.format(labels.length)} classes`,
      `${width} × ${height} ${colour}`,
      ...describeAccuracy(metrics["val_accuracy"]),
    ].join(" · ");
    this.#deviceName.textContent = device.description;
    this.#deviceReason.textContent = toSentence(device.reason.text);
    this.#timing.textContent = "";
  }

  /** Says that there is no model, and how to come by one. */
  showNone(advice: string): void {
    this.#name.textContent = "None yet";
    this.#facts.textContent = advice;
    this.#deviceName.textContent = "Nothing yet";
  }

  /** @param share in [0, 1]; undefined while it is unknown */
  showProgress(share: number | undefined): void {
    this.#progress.hidden = false;
    this.#line.classList.add("loading");
    this.#progress.classList.toggle("unknown", share === undefined);
    this.#progress.style.setProperty("--done", String(share ?? 0));
    this.#progress.ariaValueNow = share === undefined ? null : String(Math.round(share * 100));
  }

  hideProgress(): void {
    this.#line.classList.remove("loading");
    this.#progress.hidden = true;
  }

  showTiming(milliseconds: number): void {
    this.#timing.textContent = formatDuration(milliseconds);
  }
}

function describeAccuracy(accuracy: number | undefined): string[] {
  const share = formatShare(accuracy);
  return share === undefined ? [] : [`right on ${share} of held-out images`];
}
