/** Lets a person draw on a canvas with mouse, finger or pen, and tells after each stroke what is on it. */
export function drawOn(canvas: HTMLCanvasElement, onStroke: (pixels: ImageData) => void): { clear(): void } {
  const context = canvas.getContext("2d", { willReadFrequently: true })!;

  function clear(): void {
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  /** From where the pen was to where it is, in the canvas's own pixels: CSS may show it at another size. */
  function draw(event: PointerEvent): void {
    const scale = canvas.width / canvas.clientWidth;
    const [x, y] = [event.offsetX * scale, event.offsetY * scale];
    context.lineTo(x, y);
    context.stroke();
    context.beginPath();
    context.moveTo(x, y);
  }

  clear();
  context.lineWidth = canvas.width / 12;
  context.lineCap = "round";
  context.lineJoin = "round";
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    context.beginPath();
    draw(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) draw(event);
  });
  canvas.addEventListener("lostpointercapture", () => {
    onStroke(context.getImageData(0, 0, canvas.width, canvas.height));
  });
  return { clear };
}
