import type { DatasetHealth, PictureReference } from "@featuremap/datasets";
import { className } from "./words.ts";

/** A picture, and what there is to say of it. */
export type NotedPicture = PictureReference & { readonly note?: string };

/** Findings of one kind. */
export interface HealthKind {
  readonly name: string;
  /** Pictures that belong together; of findings of single pictures, each by itself. */
  readonly groups: readonly (readonly NotedPicture[])[];
  readonly areGroups: boolean;
}

/**
 * What was found, in order of its gravity; suspected labels only where there are some.
 *
 * @param haveSizes whether pictures were looked at in sizes of their own
 */
export function healthKinds(
  found: DatasetHealth,
  classNames: readonly string[],
  haveSizes: boolean,
): readonly HealthKind[] {
  const groups = (name: string, of: DatasetHealth["leaks"]): HealthKind => ({ name, groups: of, areGroups: true });
  const single = (name: string, of: readonly NotedPicture[]): HealthKind => ({
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
    ...(haveSizes
      ? [
          single(
            "Odd sizes",
            found.oddSizes.map(({ value, ...picture }) => ({
              ...picture,
              note: `as ${Math.round(value)} x ${Math.round(value)}`,
            })),
          ),
          single(
            "Odd proportions",
            found.oddAspectRatios.map(({ value, ...picture }) => ({
              ...picture,
              note: `1 : ${(1 / value).toFixed(1)}`,
            })),
          ),
        ]
      : []),
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
