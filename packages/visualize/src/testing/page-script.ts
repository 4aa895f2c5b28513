import type { Theme } from "../index.ts";
import { gallery } from "./gallery.ts";

/** What is wrong with drawings as the page shows them, and the colour of their ground. */
export interface ShownDrawings {
  readonly problems: readonly string[];
  readonly grounds: readonly string[];
}

/** How far, in pixels, text may reach beyond its drawing or over another. */
const [edge, overlap] = [0.5, 2];

/** Draws everything in the page, waits for pictures, and measures where text and pictures come to lie. */
async function showDrawings(width: number, theme: Theme): Promise<ShownDrawings> {
  const problems: string[] = [];
  const grounds: string[] = [];
  for (const [name, svg] of Object.entries(gallery(width, theme))) {
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    if (parsed.querySelector("parsererror"))
      problems.push(`${name}: ${parsed.querySelector("parsererror")?.textContent}`);
    document.body.innerHTML = svg;
    const root = document.body.querySelector("svg");
    if (root === null) throw new Error(`${name} is not shown.`);
    grounds.push(getComputedStyle(root.querySelector(".fm-ground") ?? root).fill);
    for (const image of root.querySelectorAll("image")) {
      await decoded(image.href.baseVal).catch(() => problems.push(`${name}: a picture cannot be decoded`));
    }
    problems.push(...misplaced(root).map((problem) => `${name} at ${width}: ${problem}`));
    await decoded(`data:image/svg+xml,${encodeURIComponent(svg)}`).catch(() =>
      problems.push(`${name}: it is not an image by itself`),
    );
  }
  return { problems, grounds };
}

function misplaced(root: SVGSVGElement): readonly string[] {
  const bounds = root.getBoundingClientRect();
  const texts = [...root.querySelectorAll("text")];
  const boxes = texts.map((text) => ({ words: text.lastChild?.textContent ?? "", box: text.getBoundingClientRect() }));
  const shapes = [...root.querySelectorAll("rect, image, path, circle")].map((shape) => ({
    words: shape.tagName,
    box: shape.getBoundingClientRect(),
  }));
  const outside = [...boxes, ...shapes].filter(
    ({ box }) =>
      box.left < bounds.left - edge ||
      box.right > bounds.right + edge ||
      box.top < bounds.top - edge ||
      box.bottom > bounds.bottom + edge,
  );
  const pairs = boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other) => (isOver(one.box, other.box) ? [`${one.words} over ${other.words}`] : [])),
  );
  return [...outside.map(({ words }) => `${words} is cut`), ...pairs];
}

/** Lines of text stand closer than their boxes are high: only their middles count. */
function isOver(one: DOMRect, other: DOMRect): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > overlap && down > Math.min(one.height, other.height) * 0.4;
}

async function decoded(address: string): Promise<void> {
  const image = new Image();
  image.src = address;
  await image.decode();
}

Object.assign(globalThis, { showDrawings });
