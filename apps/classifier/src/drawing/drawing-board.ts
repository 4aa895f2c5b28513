import type { InkPicture, Pixels } from "@featuremap/images";
import { drawingContext } from "../view/element.ts";
import { type KeyboardPen, RESTING_PEN, movePen, movesPen } from "./keyboard-pen.ts";
import { paintDigit, paintImage } from "./paint-pictures.ts";
import { paintStrokes } from "./paint-strokes.ts";
import { type PenPoint, Sketch } from "./sketch.ts";

/** Width of the pen on the page, in parts of the writing box. */
export const PEN_WIDTH = 0.07;

/** What lies on the board. */
export type BoardContent =
  | { readonly kind: "sketch"; readonly sketch: Sketch }
  /** An image, and a bitmap of it that is no larger than the page can show. */
  | { readonly kind: "image"; readonly pixels: Pixels; readonly stored: Pixels; readonly image: ImageBitmap }
  | { readonly kind: "digit"; readonly digit: InkPicture };

/** What can be laid on the board whole, in place of a sketch. */
type Sheet = Exclude<BoardContent, { readonly kind: "sketch" }>;

/**
 * The writing box: takes strokes from a mouse, a finger, a pen or the keyboard, or shows one picture.
 *
 * A stroke begun on a picture begins a new sketch. `changed` is called after everything that alters the content.
 */
export class DrawingBoard {
  readonly #box: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #penStatus: HTMLElement;
  readonly #changed: () => void;
  readonly #sketch = new Sketch();
  readonly #heldKeys = new Set<string>();
  #sheet: Sheet | undefined;
  #pen: KeyboardPen = RESTING_PEN;
  #pointer: number | undefined;
  #frame = 0;

  /**
   * @param box takes the pointers and the keys
   * @param canvas fills the box
   * @param penStatus where screen readers are told that the keyboard's pen is down or up
   */
  constructor(box: HTMLElement, canvas: HTMLCanvasElement, penStatus: HTMLElement, changed: () => void) {
    this.#box = box;
    this.#canvas = canvas;
    this.#penStatus = penStatus;
    this.#context = drawingContext(canvas);
    this.#changed = changed;
    this.#listenToPointers();
    this.#listenToKeys();
    new ResizeObserver(() => this.repaint()).observe(box);
  }

  get content(): BoardContent {
    return this.#sheet ?? { kind: "sketch", sketch: this.#sketch };
  }

  get isEmpty(): boolean {
    return this.#sheet === undefined && this.#sketch.isEmpty;
  }

  clear(): void {
    this.#sketch.clear();
    this.#removeSheet();
    this.#lift();
    this.#altered();
  }

  /** Takes back the last stroke, or the picture. */
  undo(): void {
    if (this.#sheet === undefined) this.#sketch.undo();
    else this.#removeSheet();
    this.#lift();
    this.#altered();
  }

  /** Shows a picture in place of the sketch; the board closes an image when something else takes its place. */
  show(sheet: Sheet): void {
    this.#sketch.clear();
    this.#removeSheet();
    this.#lift();
    this.#sheet = sheet;
    this.#altered();
  }

  /** Paints in the next frame, in the colours that hold then. */
  repaint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #altered(): void {
    this.#box.classList.toggle("inked", !this.isEmpty);
    this.repaint();
    this.#changed();
  }

  #removeSheet(): void {
    if (this.#sheet?.kind === "image") this.#sheet.image.close();
    this.#sheet = undefined;
  }

  #begin(point: PenPoint): void {
    this.#removeSheet();
    this.#sketch.begin(point);
    this.#altered();
  }

  #extend(points: readonly PenPoint[]): void {
    for (const point of points) this.#sketch.extend(point);
    this.#altered();
  }

  #listenToPointers(): void {
    const box = this.#box;
    box.addEventListener("pointerdown", (event) => {
      if (this.#pointer !== undefined || event.button !== 0) return;
      this.#pointer = event.pointerId;
      box.setPointerCapture(event.pointerId);
      box.classList.remove("by-keys");
      this.#lift();
      this.#begin(this.#locate(event));
    });
    box.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.#pointer) return;
      const steps = event.getCoalescedEvents();
      this.#extend((steps.length === 0 ? [event] : steps).map((step) => this.#locate(step)));
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      box.addEventListener(end, (event) => {
        if (event.pointerId === this.#pointer) this.#pointer = undefined;
      });
    }
  }

  #locate({ clientX, clientY, pointerType, pressure }: PointerEvent): PenPoint {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return {
      x: (clientX - left) / width,
      y: (clientY - top) / height,
      // Fingers and mice report pressures that mean nothing.
      pressure: pointerType === "pen" && pressure > 0 ? 0.6 + 0.8 * pressure : 1,
    };
  }

  #listenToKeys(): void {
    const box = this.#box;
    box.addEventListener("keydown", (event) => {
      if (movesPen(event.key)) {
        this.#heldKeys.add(event.key);
        this.#movePen(event.shiftKey);
      } else if (event.key === " ") {
        if (!event.repeat) this.#togglePen();
      } else if (event.key.toLowerCase() === "z") {
        this.undo();
      } else if (event.key === "Delete" || event.key === "Backspace") {
        this.clear();
      } else {
        return;
      }
      event.preventDefault();
      box.classList.add("by-keys");
    });
    box.addEventListener("keyup", (event) => this.#heldKeys.delete(event.key));
    box.addEventListener("blur", () => {
      this.#heldKeys.clear();
      this.#lift();
    });
    box.addEventListener("focus", () => box.classList.toggle("by-keys", box.matches(":focus-visible")));
  }

  #movePen(fine: boolean): void {
    this.#pen = movePen(this.#pen, this.#heldKeys, fine);
    this.#showPen();
    if (this.#pen.down) this.#extend([{ x: this.#pen.x, y: this.#pen.y, pressure: 1 }]);
  }

  #togglePen(): void {
    this.#pen = { ...this.#pen, down: !this.#pen.down };
    this.#penStatus.textContent = this.#pen.down ? "Pen down" : "Pen up";
    this.#showPen();
    if (this.#pen.down) this.#begin({ x: this.#pen.x, y: this.#pen.y, pressure: 1 });
  }

  #lift(): void {
    this.#pen = { ...this.#pen, down: false };
    this.#showPen();
  }

  #showPen(): void {
    this.#box.style.setProperty("--pen-x", String(this.#pen.x));
    this.#box.style.setProperty("--pen-y", String(this.#pen.y));
    this.#box.classList.toggle("pen-down", this.#pen.down);
  }

  #paint(): void {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (this.#canvas.width !== side) {
      this.#canvas.width = side;
      this.#canvas.height = side;
    }
    const context = this.#context;
    context.clearRect(0, 0, side, side);
    const pen = getComputedStyle(this.#box).color;
    const { content } = this;
    if (content.kind === "image") {
      paintImage(context, content.image, side);
    } else if (content.kind === "digit") {
      paintDigit(context, content.digit, side, pen);
    } else {
      context.strokeStyle = pen;
      paintStrokes(context, content.sketch.strokes, side, PEN_WIDTH);
    }
  }
}
