import { formatCount, formatCounted } from "../../terminal/format.ts";
import { drawCounts } from "../drawings.ts";
import { type HealthKind, type NotedPicture, healthKinds } from "../health-kinds.ts";
import { healthShown } from "../inspect-health.ts";
import type { HealthReport, ReportData, Thumbnail } from "../report-data.ts";
import { figure } from "./figures.ts";
import { type Html, html } from "./html.ts";
import { shown } from "./network-sections.ts";
import { bothWidths, narrowWidth, wideWidth } from "./widths.ts";
import { shortPath, sizeText } from "../words.ts";

/** How many pictures each class has. */
export function countSection(data: Pick<ReportData, "parts" | "classNames">): Html {
  const parts = data.parts.map(
    ({ name, size, counts }) =>
      `${name}: ${formatCounted(size, "picture")}${counts === null ? ", without labels" : ""}`,
  );
  const isCounted = data.parts.some(({ counts }) => counts !== null);
  const bars = isCounted ? bothWidths(drawCounts(data, wideWidth), drawCounts(data, narrowWidth)) : undefined;
  return html`<p>${parts.join("; ")}.</p>
    ${bars}`;
}

export function healthSection({ health, classNames }: Pick<ReportData, "health" | "classNames">): Html {
  return shown(health, (report) => healthContent(report, classNames));
}

function healthContent(
  { findings, pictures, looked, all, size, most = healthShown }: HealthReport,
  classNames: readonly string[],
): Html {
  const kinds = healthKinds(findings, classNames, size === undefined);
  const rows = kinds.map(
    ({ name, groups }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${formatCount(groups.length)}</td>
      </tr> `,
  );
  // A group that is in several parts is one of near duplicates too.
  const seen = new Set<string>();
  const isNew = (group: HealthKind["groups"][number]): boolean => {
    const key = group.map(({ index }) => index).join(" ");
    return seen.size < seen.add(key).size;
  };
  const found = kinds
    .map((kind) => (kind.areGroups ? { ...kind, groups: kind.groups.filter(isNew) } : kind))
    .filter(({ groups }) => groups.length > 0);
  const which =
    looked < all
      ? `${formatCount(looked)} of ${formatCounted(all, "picture")}, chosen at random`
      : `all ${formatCounted(all, "picture")}`;
  const how =
    size === undefined
      ? "as stored in their files"
      : `as small as the network sees them, ${sizeText(size)}: odd sizes and proportions of the files do not show here`;
  return html`<p>Of ${which}, ${how}. Look at each finding before you believe it.</p>
    <table>
      <thead>
        <tr>
          <th scope="col">finding</th>
          <th scope="col">number</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${found.map((kind) => kindContent(kind, pictures, most))}`;
}

function kindContent(
  { name, groups, areGroups }: HealthKind,
  pictures: ReadonlyMap<number, Thumbnail>,
  most: number,
): Html {
  const examples = groups.slice(0, most);
  const one = (picture: NotedPicture): Html => {
    const thumbnail = pictures.get(picture.index);
    const told = [
      shortPath(picture.path),
      [picture.label, picture.split === "all" ? "" : picture.split].filter(Boolean).join(", "),
      picture.note ?? "",
    ];
    const lines = told.filter((line) => line !== "");
    if (thumbnail === undefined) return html`<figure><figcaption>${lines.join(", ")}</figcaption></figure>`;
    return figure(thumbnail.file, thumbnail.pixels, { alt: `${name}: ${lines.join(", ")}`, lines });
  };
  const content = areGroups
    ? examples.map((group) => html`<div class="pictures">${group.slice(0, 4).map(one)}</div>`)
    : html`<div class="pictures">${examples.flat().map(one)}</div>`;
  const title = groups.length > examples.length ? `${name}, ${examples.length} of ${formatCount(groups.length)}` : name;
  return html`<h3>${title}</h3>
    ${content}`;
}
