import { formatCounted } from "../../terminal/format.ts";
import { toPng } from "@featuremap/visualize";
import type { LayerPictures } from "../../drawing/layer-pictures.ts";
import type { ShownPicture } from "../report-data.ts";
import { type Html, breakable, dataAddress, html } from "./html.ts";
import { answerOf, shortPath, sizeText } from "../words.ts";

/** A picture with lines below it. */
export function figure(
  file: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  {
    alt,
    lines,
    isWrong = false,
  }: { readonly alt: string; readonly lines: readonly string[]; readonly isWrong?: boolean },
  kind: "webp" | "png" = "webp",
): Html {
  const mark = isWrong ? html`<span aria-hidden="true">✗ </span>` : undefined;
  const caption = lines.map(
    (line, at) => html`<span${title(line)}>${at === 0 ? mark : undefined}${breakable(line)}</span>`,
  );
  const pixelated = isGrainy(width, height) ? html` class="grainy"` : undefined;
  return html`<figure${isWrong ? html` class="wrong"` : undefined}><img${pixelated} src="${dataAddress(file, kind)}" alt="${alt}" width="${width}" height="${height}"><figcaption>${caption}</figcaption></figure>
`;
}

/** Of a line that may be cut. */
function title(line: string): Html | undefined {
  return line.length > 30 ? html` title="${line}"` : undefined;
}

/** Whether a picture is so small that its pixels are to be seen when it is enlarged. */
export function isGrainy(width: number, height: number): boolean {
  return Math.max(width, height) <= 64;
}

/**
 * Pictures with what is said of them, as many in a row as there is room for.
 *
 * @param isNamed whether their files are named in sight, too, for who has to look them up
 */
export function gallery(pictures: readonly ShownPicture[], classNames: readonly string[], isNamed = false): Html {
  return html`<div class="pictures">
    ${pictures.map((picture) => {
      const answer = answerOf(classNames, picture);
      const name = shortPath(picture.path);
      const alt = `${answer.lines.join(", ")}: ${name}`;
      const lines = isNamed ? [...answer.lines, name] : answer.lines;
      return figure(picture.file, picture.pixels, { ...answer, alt, lines });
    })}
  </div>`;
}

/** Pictures of a layer as one. */
export function layerFigure({ layer, pixels, shown, all, size }: LayerPictures, what: string): Html {
  const number = shown === all ? formatCounted(all, what) : `${shown} of ${formatCounted(all, what)}`;
  const words = `${number} of layer ${layer}, ${sizeText(size)} each`;
  return html`<figure class="layer">
    <img src="${dataAddress(toPng(pixels), "png")}" alt="${words}" width="${pixels.width}" height="${pixels.height}" />
    <figcaption>${words}</figcaption>
  </figure> `;
}
