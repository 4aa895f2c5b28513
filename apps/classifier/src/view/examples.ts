import type { InkPicture } from "@featuremap/images";
import stripAddress from "./example-digits.png";
import { drawingContext } from "./element.ts";
import { stencilOf } from "./stencil.ts";

const SIDE = 28;
const COUNT = 10;

/**
 * Fills a group with buttons for ten digits of MNIST's test set.
 *
 * @param choose called with a 28 x 28 picture, exactly as the test set has it
 * @returns a function that marks none of them as chosen
 */
export async function showExamples(group: HTMLElement, choose: (digit: InkPicture) => void): Promise<() => void> {
  const digits = await loadDigits();
  const buttons = digits.map((digit, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.ariaLabel = `Test digit ${index}`;
    button.ariaPressed = "false";
    button.style.setProperty("--stencil", `url(${stencilOf(digit).toDataURL()})`);
    button.addEventListener("click", () => {
      choose(digit);
      button.ariaPressed = "true";
    });
    return button;
  });
  group.replaceChildren(...buttons);
  return () => {
    for (const button of buttons) button.ariaPressed = "false";
  };
}

async function loadDigits(): Promise<InkPicture[]> {
  const strip = new Image();
  strip.src = stripAddress;
  await strip.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SIDE * COUNT;
  canvas.height = SIDE;
  const context = drawingContext(canvas, { willReadFrequently: true });
  context.drawImage(strip, 0, 0);
  return Array.from({ length: COUNT }, (_, index) => {
    const { data } = context.getImageData(index * SIDE, 0, SIDE, SIDE);
    const ink = Uint8Array.from({ length: SIDE * SIDE }, (_value, pixel) => data[pixel * 4] ?? 0);
    return { data: ink, width: SIDE, height: SIDE };
  });
}
