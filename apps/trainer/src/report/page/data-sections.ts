import type { DatasetHealth, PictureReference } from "@featuremap/datasets";
import { formatCount } from "../../terminal/format.ts";
import { drawCounts } from "../drawings.ts";
import { healthShown } from "../inspect-health.ts";
import type { HealthReport, ReportData, Thumbnail } from "../report-data.ts";
import { figure } from "./figures.ts";
import { type Html, html } from "./html.ts";
import { shown } from "./network-sections.ts";
import { bothWidths, narrowWidth, wideWidth } from "./widths.ts";
import { className, counted, shortPath } from "./words.ts";

/** How many pictures each class has. */
export function countSection(data: ReportData): Html {
  const parts = data.parts.map(
    ({ name, size, counts }) => `${name}: ${counted(size, "picture")}${counts === null ? ", without labels" : ""}`,
  );
  const isCounted = data.parts.some(({ counts }) => counts !== null);
  const bars = isCounted ? bothWidths(drawCounts(data, wideWidth), drawCounts(data, narrowWidth)) : undefined;
  return html`<p>${parts.join("; ")}.</p>
    ${bars}`;
}

interface Kind {
  readonly name: string;
  /** Pictures that belong together; of findings of single pictures, each by itself. */
  readonly groups: readonly (readonly (PictureReference & { readonly note?: string })[])[];
  readonly areGroups: boolean;
}

export function healthSection({ health, classNames }: ReportData): Html {
  return shown(health, (report) => healthContent(report, classNames));
}

function healthContent({ findings, pictures, looked, all, size }: HealthReport, classNames: readonly string[]): Html {
  const kinds = kindsOf(findings, classNames);
  const rows = kinds.map(
    ({ name, groups }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${formatCount(groups.length)}</td>
      </tr> `,
  );
  // A group that is in several parts is one of near duplicates too.
  const seen = new Set<string>();
  const isNew = (group: Kind["groups"][number]): boolean => {
    const key = group.map(({ index }) => index).join(" ");
    return seen.size < seen.add(key).size;
  };
  const found = kinds
    .map((kind) => (kind.areGroups ? { ...kind, groups: kind.groups.filter(isNew) } : kind))
    .filter(({ groups }) => groups.length > 0);
  const which =
    looked < all
      ? `${formatCount(looked)} of ${counted(all, "picture")}, chosen at random`
      : `all ${counted(all, "picture")}`;
  return html`<p>
      Of ${which}, as small as the network sees them, ${size[1]} x ${size[0]}: odd sizes and proportions of the files do
      not show here, and what is found is to be looked at, not to be believed.
    </p>
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
    ${found.map((kind) => kindContent(kind, pictures))}`;
}

function kindContent({ name, groups, areGroups }: Kind, pictures: ReadonlyMap<number, Thumbnail>): Html {
  const examples = groups.slice(0, healthShown);
  const one = (picture: Kind["groups"][number][number]): Html => {
    const thumbnail = pictures.get(picture.index);
    const told = [
      shortPath(picture.path),
      [picture.label, picture.split].filter(Boolean).join(", "),
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

/** In order of their gravity. */
function kindsOf(found: DatasetHealth, classNames: readonly string[]): readonly Kind[] {
  const groups = (name: string, of: DatasetHealth["leaks"]): Kind => ({ name, groups: of, areGroups: true });
  const single = (name: string, of: readonly (PictureReference & { readonly note?: string })[]): Kind => ({
    name,
    groups: of.map((picture) => [picture]),
    areGroups: false,
  });
  return [
    groups("Near duplicates in several parts", found.leaks),
    groups("Near duplicates with several labels", found.conflicts),
    groups("Exact duplicates", found.exactDuplicates),
    groups("Near duplicates", found.nearDuplicates),
    single("Dark", found.dark),
    single("Bright", found.bright),
    single("Blurred", found.blurred),
    single("Little to see", found.lowInformation),
    single("Grey among coloured ones", found.grey),
    single(
      "Unreadable",
      found.unreadable.map(({ reason, ...picture }) => ({ ...picture, note: reason })),
    ),
    ...(found.labelSuspects.length === 0
      ? []
      : [
          single(
            "Labels that are probably wrong",
            found.labelSuspects.map(({ suggested, ...picture }) => ({
              ...picture,
              note: `perhaps ${className(classNames, suggested)}`,
            })),
          ),
        ]),
  ];
}
