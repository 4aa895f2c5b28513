import { withBase } from "vitepress";
import { type Component, defineComponent, h, onMounted, ref, shallowRef } from "vue";
import { BOARD_SIZE, type Point, clearBoard, drawLine, exampleStrokes, pixelsOfBoard, pointOf } from "./board.ts";
import { type Reading, openReader } from "./reader.ts";

import "./demo.css";
const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
const invitation = "Draw a digit, or drop a picture of one.";

/** A board to draw a digit on, and what a network in the page makes of it. */
export const DigitDemo: Component = defineComponent(() => {
  const board = ref<HTMLCanvasElement>();
  const answer = ref(invitation);
  const device = ref("");
  const readings = shallowRef<readonly Reading[]>([]);
  let last: Point | undefined;
  let asked = 0;

  onMounted(() => board.value && clearBoard(board.value));

  /** Asks the network; an answer that is no longer wanted is dropped. */
  async function read(picture: ImageData | Blob): Promise<void> {
    const question = ++asked;
    if (device.value === "") answer.value = "Loading the network …";
    try {
      const reader = await openReader(withBase("/demo-model/model.json"));
      const { readings: found, milliseconds } = await reader.read(picture);
      device.value = reader.device;
      if (question !== asked) return;
      readings.value = found;
      answer.value = `It reads a ${found[0]?.label ?? "?"}, in ${milliseconds.toFixed(1)} ms.`;
    } catch (error) {
      if (question === asked) answer.value = error instanceof Error ? error.message : String(error);
    }
  }

  function readBoard(): void {
    if (board.value) void read(pixelsOfBoard(board.value));
  }

  function begin(event: PointerEvent): void {
    if (!board.value) return;
    board.value.setPointerCapture(event.pointerId);
    last = pointOf(event, board.value);
    drawLine(board.value, [last]);
  }

  function go(event: PointerEvent): void {
    if (!board.value || last === undefined) return;
    const next = pointOf(event, board.value);
    drawLine(board.value, [last, next]);
    last = next;
  }

  function end(): void {
    if (last !== undefined) readBoard();
    last = undefined;
  }

  function clear(): void {
    asked++;
    if (board.value) clearBoard(board.value);
    readings.value = [];
    answer.value = invitation;
  }

  function drawExample(): void {
    clear();
    for (const stroke of exampleStrokes) if (board.value) drawLine(board.value, stroke);
    readBoard();
  }

  async function drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) await choose(file);
  }

  async function choose(file: Blob): Promise<void> {
    clear();
    await Promise.all([show(file), read(file)]);
  }

  /** Shows a picture on the board, as large as it fits. What cannot be shown may still be read. */
  async function show(file: Blob): Promise<void> {
    const picture = await createImageBitmap(file).catch(() => undefined);
    const context = board.value?.getContext("2d");
    if (picture === undefined || !context) return;
    const scale = BOARD_SIZE / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    context.drawImage(picture, (BOARD_SIZE - width) / 2, (BOARD_SIZE - height) / 2, width, height);
  }

  function chosen(event: Event): void {
    const [file] = (event.target instanceof HTMLInputElement ? event.target.files : undefined) ?? [];
    if (file !== undefined) void choose(file);
  }

  const probabilityOf = (digit: string): number =>
    readings.value.find(({ label }) => label === digit)?.probability ?? 0;

  return () =>
    h("div", { class: "demo", onDragover: (event: DragEvent) => event.preventDefault(), onDrop: drop }, [
      h("canvas", {
        ref: board,
        width: BOARD_SIZE,
        height: BOARD_SIZE,
        role: "img",
        "aria-label": "A sheet to draw a digit on",
        onPointerdown: begin,
        onPointermove: go,
        onPointerup: end,
        onPointercancel: end,
      }),
      h("div", { class: "demo-answer" }, [
        h("p", { class: "demo-words", role: "status" }, answer.value),
        h(
          "ol",
          { class: "demo-bars", "aria-label": "Probabilities" },
          digits.map((digit) =>
            h("li", { key: digit, class: { best: readings.value[0]?.label === digit } }, [
              h("span", digit),
              h("meter", { min: 0, max: 1, value: probabilityOf(digit), "aria-label": `Probability of ${digit}` }),
              h("span", readings.value.length === 0 ? "" : `${(100 * probabilityOf(digit)).toFixed(1)} %`),
            ]),
          ),
        ),
        h("div", { class: "demo-buttons" }, [
          h("button", { type: "button", onClick: drawExample }, "Draw a 7"),
          h("button", { type: "button", onClick: clear }, "Clear"),
          h("label", ["Choose a picture", h("input", { type: "file", accept: "image/*", onChange: chosen })]),
        ]),
        h("p", { class: "demo-device" }, device.value === "" ? "" : `Computed by ${device.value}.`),
      ]),
    ]);
});
