import { digitOfImage, readPicture } from "@featuremap/images";
import type { Classifier } from "@featuremap/inference";
import { drawOn } from "./draw-on";
import { type Example, learn } from "./learn";
import { signRow } from "./sign-row";

const signs = ["Star", "Heart", "House"];
const examples: Example[] = [];
let classifier: Classifier | undefined;
let drawn: ImageData | undefined;

const find = <Kind extends Element>(selector: string) => document.querySelector<Kind>(selector)!;
const status = find("#status");
const learnButton = find<HTMLButtonElement>("#learn");

function say(text: string, isError = false): void {
  status.textContent = text;
  status.classList.toggle("error", isError);
}

/** Shows in the page what goes wrong in a task. */
async function attempt(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true);
  }
}

const board = drawOn(find<HTMLCanvasElement>("#board"), (pixels) => {
  drawn = pixels;
  void attempt(recognize);
});
find("#clear").addEventListener("click", clear);

function clear(): void {
  board.clear();
  drawn = undefined;
}

const rows = signs.map((name, sign) => {
  const row = signRow(name, {
    onDrawing() {
      if (drawn === undefined) return say("Draw a sign first.", true);
      examples.push({ pixels: drawn, sign });
      row.showExample(drawn);
      clear();
    },
    onPictures: (files) =>
      attempt(async () => {
        for (const file of files) {
          const pixels = await readPicture(file);
          examples.push({ pixels, sign });
          row.showExample(await createImageBitmap(file));
        }
      }),
  });
  find("#signs").append(row.element);
  return row;
});

learnButton.addEventListener("click", () =>
  attempt(async () => {
    if (!signs.every((_, sign) => examples.some((example) => example.sign === sign))) {
      return say("Show at least one example of each sign.", true);
    }
    learnButton.disabled = true;
    say("Learning …");
    const began = performance.now();
    try {
      const learned = await learn(examples, signs);
      classifier?.dispose();
      classifier = learned;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`Learned in ${seconds} s on ${learned.device.description}. Draw a sign, and it tells which.`);
    } finally {
      learnButton.disabled = false;
    }
  }),
);

async function recognize(): Promise<void> {
  if (classifier === undefined || drawn === undefined) return;
  const { predictions } = await classifier.classify(digitOfImage(drawn));
  for (const { index, probability } of predictions) rows[index]?.showProbability(probability);
  say(`This is a ${predictions[0]?.label.toLowerCase()}.`);
}
