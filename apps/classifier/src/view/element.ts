/**
 * An element of the page by its id.
 *
 * @throws {Error} the page has none of that id and kind, which is a mistake in `index.html`.
 */
export function element<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} named "${id}".`);
  return found;
}

/**
 * The canvas's drawing context.
 *
 * @throws {Error} the browser has none to give.
 */
export function drawingContext(
  canvas: HTMLCanvasElement,
  options?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", options);
  if (context === null) throw new Error("This browser gave no context to draw with.");
  return context;
}
