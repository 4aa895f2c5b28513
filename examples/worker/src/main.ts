import { wrap } from "comlink";
import type { DigitReader } from "./classify.worker";
import { drawOn } from "./draw-on";

const find = <Kind extends Element>(selector: string) => document.querySelector<Kind>(selector)!;
const status = find("#status");
const many = find<HTMLButtonElement>("#many");

const worker = new Worker(new URL("./classify.worker.ts", import.meta.url), { type: "module" });
const reader = wrap<DigitReader>(worker);
let drawn: ImageData | undefined;

/** Says what a task found, or what went wrong. */
async function report(task: () => Promise<string>): Promise<void> {
  try {
    status.textContent = await task();
    status.classList.remove("error");
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error);
    status.classList.add("error");
  }
}

async function read(pictures: readonly ImageData[]): Promise<string> {
  const began = performance.now();
  const [predictions = []] = await reader.read(pictures);
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  const texts = predictions.map(({ label, probability }) => `${label} (${Math.round(100 * probability)} %)`);
  return `${texts.join(", ")}: read ${pictures.length} times in ${seconds} s.`;
}

const board = drawOn(find("#board"), (pixels) => {
  drawn = pixels;
  void report(() => read([pixels]));
});
find("#clear").addEventListener("click", () => {
  board.clear();
  drawn = undefined;
});
many.addEventListener("click", async () => {
  const picture = drawn;
  if (picture === undefined) return report(async () => "Draw a digit first.");
  many.disabled = true;
  longest = 0;
  await report(() => read(Array.from({ length: 100 }, () => picture)));
  many.disabled = false;
});

let longest = 0;
let last = performance.now();
requestAnimationFrame(function frame(now) {
  longest = Math.max(longest, now - last);
  last = now;
  find("#pause").textContent = longest.toFixed(0);
  requestAnimationFrame(frame);
});

await report(async () => `Ready, on ${await reader.start()}.`);
many.disabled = false;
