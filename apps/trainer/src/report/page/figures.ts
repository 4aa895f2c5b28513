import { toPng } from "@featuremap/visualize";
import type { LayerPictures } from "../../inspection/layer-pictures.ts";
import type { ShownPicture } from "../report-data.ts";
import { type Html, dataAddress, html } from "./html.ts";
import { answerOf, counted, shortPath } from "./words.ts";

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
  const caption = lines.map((line, index) => html`${index === 0 ? undefined : html`<br />`}${line}`);
  const mark = isWrong ? html`<span class="mark" aria-hidden="true">✗ </span>` : undefined;
  return html`<figure${isWrong ? html` class="wrong"` : undefined}><img src="${dataAddress(file, kind)}" alt="${alt}" width="${width}" height="${height}"><figcaption>${mark}${caption}</figcaption></figure>
`;
}

/** Pictures with what is said of them, as many in a row as there is room for. */
export function gallery(pictures: readonly ShownPicture[], classNames: readonly string[]): Html {
  return html`<div class="pictures">
    ${pictures.map((picture) => {
      const answer = answerOf(classNames, picture);
      const alt = `${answer.lines.join(", ")}: ${shortPath(picture.path)}`;
      return figure(picture.file, picture.pixels, { alt, ...answer });
    })}
  </div>`;
}

/** Pictures of a layer as one. */
export function layerFigure({ layer, pixels, shown, all, size }: LayerPictures, what: string): Html {
  const number = shown === all ? counted(all, what) : `${shown} of ${counted(all, what)}`;
  const words = `${number} of layer ${layer}, ${size[1]} x ${size[0]} each`;
  return html`<figure class="layer">
    <img src="${dataAddress(toPng(pixels), "png")}" alt="${words}" width="${pixels.width}" height="${pixels.height}" />
    <figcaption>${words}</figcaption>
  </figure> `;
}
