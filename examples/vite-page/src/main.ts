import { digitOfImage } from "@featuremap/images";
import { type Prediction, loadClassifier } from "@featuremap/inference";
import { drawOn } from "./draw-on";

const canvas = document.querySelector<HTMLCanvasElement>("#board")!;
const clear = document.querySelector<HTMLButtonElement>("#clear")!;
const status = document.querySelector<HTMLElement>("#status")!;
const answers = document.querySelector<HTMLElement>("#answers")!;

function showAnswers(predictions: readonly Prediction[]): void {
  const rows = predictions.map(({ label, probability }) => {
    const row = document.createElement("li");
    const bar = document.createElement("meter");
    bar.value = probability;
    row.append(label, bar, `${Math.round(100 * probability)} %`);
    return row;
  });
  answers.replaceChildren(...rows);
}

function showError(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : String(error);
  status.classList.add("error");
}

try {
  const classifier = await loadClassifier("/model/model.json", {
    onProgress({ stage, share }) {
      if (stage === "warm-up") status.textContent = "Warming up …";
      else if (share !== undefined) status.textContent = `Loading the model: ${Math.round(100 * share)} %`;
    },
  });
  status.textContent = `Ready, on ${classifier.device.description}.`;

  const board = drawOn(canvas, async (pixels) => {
    try {
      // The network knows digits as MNIST has them: light on dark, centred, 28 pixels wide.
      const { predictions, milliseconds } = await classifier.classify(digitOfImage(pixels), { topK: 3 });
      showAnswers(predictions);
      status.textContent = `Read in ${milliseconds.toFixed(1)} ms on ${classifier.device.description}.`;
    } catch (error) {
      showError(error);
    }
  });
  clear.addEventListener("click", () => {
    board.clear();
    answers.replaceChildren();
  });
} catch (error) {
  showError(error);
}
