import stripAddress from "./example-digits.png";
import { drawingContext } from "./element.ts";

const SIDE = 28;
const COUNT = 10;

/**
 * Fills a group with buttons for ten digits of MNIST's test set.
 *
 * @param choose called with a 28 x 28 image, light on black, which the callee closes
 * @returns a function that marks none of them as chosen
 */
export async function showExamples(group: HTMLElement, choose: (image: ImageBitmap) => void): Promise<() => void> {
  const strip = new Image();
  strip.src = stripAddress;
  await strip.decode();
  const buttons = Array.from({ length: COUNT }, (_, digit) => {
    const button = document.createElement("button");
    button.type = "button";
    button.ariaLabel = `Test digit ${digit}`;
    button.ariaPressed = "false";
    const canvas = document.createElement("canvas");
    canvas.width = SIDE;
    canvas.height = SIDE;
    drawingContext(canvas).drawImage(strip, -digit * SIDE, 0);
    button.append(canvas);
    const take = async (): Promise<void> => {
      choose(await createImageBitmap(canvas));
      button.ariaPressed = "true";
    };
    button.addEventListener("click", () => void take());
    return button;
  });
  group.replaceChildren(...buttons);
  return () => {
    for (const button of buttons) button.ariaPressed = "false";
  };
}
