/** Pixels of the board's side: enough for a fine line, and cheap to read. */
export const BOARD_SIZE = 280;

/** A point of the board, in shares of its side. */
export type Point = readonly [x: number, y: number];

/** A seven, for whoever cannot draw. */
export const exampleStrokes: readonly (readonly Point[])[] = [
  [
    [0.3, 0.25],
    [0.7, 0.25],
    [0.45, 0.8],
  ],
];

function contextOf(board: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = board.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("This browser does not draw on canvases.");
  return context;
}

/** Makes the board white paper, whatever the theme. */
export function clearBoard(board: HTMLCanvasElement): void {
  const context = contextOf(board);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, BOARD_SIZE, BOARD_SIZE);
}

/** Draws a line of ink from point to point; a single point becomes a dot. */
export function drawLine(board: HTMLCanvasElement, points: readonly Point[]): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  const context = contextOf(board);
  context.strokeStyle = "#1b2a6b";
  context.lineWidth = BOARD_SIZE / 14;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(first[0] * BOARD_SIZE, first[1] * BOARD_SIZE);
  for (const [x, y] of rest.length === 0 ? [first] : rest) context.lineTo(x * BOARD_SIZE, y * BOARD_SIZE);
  context.stroke();
}

/** What is on the board. */
export function pixelsOfBoard(board: HTMLCanvasElement): ImageData {
  return contextOf(board).getImageData(0, 0, BOARD_SIZE, BOARD_SIZE);
}

/** Where on the board a pointer is. */
export function pointOf(event: PointerEvent, board: HTMLCanvasElement): Point {
  const { left, top, width, height } = board.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}
