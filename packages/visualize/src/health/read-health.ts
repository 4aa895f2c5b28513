import { InvalidConfigError } from "@featuremap/tensor";
import { formatValue } from "../axes/ticks.ts";
import type { Counts } from "../bars/read-counts.ts";
import { requireRecord } from "../svg/drawing-options.ts";

/** A picture of a data set, by its place among all and its file. */
export interface HealthReference {
  readonly index: number;
  readonly path: string;
  readonly label: string | null;
  readonly split: string;
}

/** What `datasetHealth` finds. */
export interface HealthFindings {
  /** Pictures that were read. */
  readonly size: number;
  /** How many pictures each class has in each split. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly exactDuplicates: readonly (readonly HealthReference[])[];
  readonly nearDuplicates: readonly (readonly HealthReference[])[];
  readonly leaks: readonly (readonly HealthReference[])[];
  readonly conflicts: readonly (readonly HealthReference[])[];
  readonly blurred: readonly HealthFinding[];
  readonly dark: readonly HealthFinding[];
  readonly bright: readonly HealthFinding[];
  readonly lowInformation: readonly HealthFinding[];
  readonly oddSizes: readonly HealthFinding[];
  readonly oddAspectRatios: readonly HealthFinding[];
  readonly grey: readonly HealthReference[];
  readonly unreadable: readonly (HealthReference & { readonly reason: string })[];
  readonly labelSuspects: readonly HealthReference[];
}

/** A picture that stands out, and by how much. */
export interface HealthFinding extends HealthReference {
  readonly value: number;
}

/** A picture with a line of its own: the value by which it stands out, or the reason why it cannot be read. */
export interface Found extends HealthReference {
  readonly note: string;
}

/** One kind of finding; each group is pictures that belong together. */
export interface Finding {
  readonly name: string;
  readonly groups: readonly (readonly Found[])[];
  readonly grouped: boolean;
}

export interface ReadHealth {
  readonly size: number;
  readonly counts: Counts;
  /** In order of their gravity; unreadable files are the last. */
  readonly findings: readonly Finding[];
}

type GroupName = "exactDuplicates" | "nearDuplicates" | "leaks" | "conflicts";
type ListName = Exclude<keyof HealthFindings, GroupName | "size" | "counts">;

const groupNames: readonly (readonly [GroupName, string])[] = [
  ["leaks", "groups in several splits"],
  ["conflicts", "groups with several labels"],
  ["exactDuplicates", "groups of exact duplicates"],
  ["nearDuplicates", "groups of near duplicates"],
];

const listNames: readonly (readonly [ListName, string])[] = [
  ["labelSuspects", "labels that are probably wrong"],
  ["dark", "dark"],
  ["bright", "bright"],
  ["blurred", "blurred"],
  ["lowInformation", "little to see"],
  ["oddSizes", "odd sizes"],
  ["oddAspectRatios", "odd proportions"],
  ["grey", "grey among coloured ones"],
  ["unreadable", "unreadable"],
];

/**
 * @param nameOf what a class index stands for
 * @throws {InvalidConfigError} it is not what `datasetHealth` gives.
 */
export function readHealth(owner: string, health: HealthFindings, nameOf: (index: number) => string): ReadHealth {
  const given = requireRecord(owner, "health", "the result of datasetHealth", health);
  const list = (name: string): readonly unknown[] => {
    const value = given[name];
    if (!Array.isArray(value)) throw new InvalidConfigError(owner, `health.${name}`, "a list", value);
    return [...value];
  };
  const { size, counts } = given;
  if (!(Number.isInteger(size) && Number(size) >= 0)) {
    throw new InvalidConfigError(owner, "health.size", "an integer of at least 0", size);
  }
  const findings = [
    ...groupNames.map(([key, name]): Finding => {
      const groups = list(key).map((group, index) => {
        if (!Array.isArray(group)) throw new InvalidConfigError(owner, `health.${key}[${index}]`, "a list", group);
        return [...group].map((picture, place) =>
          readFound(owner, `health.${key}[${index}][${place}]`, picture, nameOf),
        );
      });
      return { name, groups, grouped: true };
    }),
    ...listNames.map(([key, name]): Finding => {
      const pictures = list(key).map((picture, index) => readFound(owner, `health.${key}[${index}]`, picture, nameOf));
      return { name, groups: pictures.length === 0 ? [] : [pictures], grouped: false };
    }),
  ];
  return {
    size: Number(size),
    counts: requireRecord(owner, "health.counts", "counts by split", counts) as Counts,
    findings,
  };
}

function readFound(owner: string, option: string, picture: unknown, nameOf: (index: number) => string): Found {
  const given = requireRecord(owner, option, "a picture's { index, path, label, split }", picture);
  const { index, path, label, split, value, reason, suggested } = given;
  const isNamed =
    typeof path === "string" && typeof split === "string" && (label === null || typeof label === "string");
  if (!isNamed || !Number.isInteger(index)) {
    throw new InvalidConfigError(owner, option, "a picture's { index, path, label, split }", picture);
  }
  const notes = [
    typeof value === "number" ? formatValue(value) : "",
    typeof reason === "string" ? reason : "",
    typeof suggested === "number" ? `perhaps ${nameOf(suggested)}` : "",
  ];
  return { index: Number(index), path, label, split, note: notes.find((each) => each !== "") ?? "" };
}
