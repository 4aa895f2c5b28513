import { type DataHealth, dataHealth } from "./data-health.ts";
import { definitions, textWidth, wrap } from "../../../terminal/wrap.ts";
import type { Invocation } from "../../invocation.ts";
import { exitCodes } from "../../../terminal/exit-codes.ts";
import { remarksOn } from "./draw-health.ts";
import { type HealthKind, type NotedPicture, healthKinds } from "../../../report/health-kinds.ts";
import { formatBytes, formatCount, formatCounted } from "../../../terminal/format.ts";
import { runInterruptibly } from "../../../terminal/interruption.ts";
import { printJson, printLine } from "../../../terminal/print.ts";
import { shownName } from "../../../terminal/shown-name.ts";
import { shownPath } from "../../../terminal/shown-path.ts";
import { countProgress } from "../count-progress.ts";
import { sayWhenStopped } from "../say-when-stopped.ts";
import { namedModel } from "../../named-model.ts";

/** `featuremap data health <data>`; with `--strict` it fails where anything was found. */
export async function runDataHealth(invocation: Invocation<"data health">): Promise<number> {
  const { words, options, terminal } = invocation;
  const [data = ""] = words;
  const { json, strict, model: named, ...settings } = options;
  const { output } = terminal;
  const model = named === undefined ? undefined : await namedModel(named, invocation);
  const progress = {
    pictures: countProgress(output, { json, heading: "Looking at pictures", what: "pictures" }),
    answers: countProgress(output, { json, heading: "Asking the model", what: "answers" }),
    bytes: countProgress(output, { json, heading: "Downloading", what: "downloaded", shown: formatBytes }),
  };
  return runInterruptibly(terminal, async ({ signal }) => {
    const health = await sayWhenStopped("data health was stopped; nothing was written.", () =>
      dataHealth({
        ...settings,
        data,
        model,
        signal,
        onProgress: (stage, done, total) => progress[stage].update(done, total),
        onDownload: (done, total) => progress.bytes.update(done, total),
      }),
    ).finally(() => progress.pictures.clear());
    const kinds = healthKinds(health, health.classNames, true);
    if (json) printJson(output, { event: "health", ...health });
    else for (const line of healthLines(health, kinds, textWidth(output.columns))) printLine(output, line);
    const isFine = kinds.every(({ groups }) => groups.length === 0);
    return strict && !isFine ? exitCodes.failure : exitCodes.success;
  });
}

/** Findings of each kind that are named, and pictures of a group. */
const [mostNamed, mostOfGroup] = [3, 4];

function healthLines(health: DataHealth, kinds: readonly HealthKind[], width: number): string[] {
  const { data, size, unreadable, out, page } = health;
  const found = kinds.filter(({ groups }) => groups.length > 0);
  const none = kinds.filter(({ groups }) => groups.length === 0).map(({ name }) => name.toLowerCase());
  const looked = formatCounted(size + unreadable.length, "picture");
  const heading =
    found.length === 0
      ? `${shownName(data)}: nothing odd was found in ${looked}.`
      : `${shownName(data)}: ${looked} were looked at. Look at each finding before you believe it.`;
  return [
    ...wrap(heading, width),
    "",
    ...definitions(
      found.map((kind) => [kind.name, kindText(kind)]),
      width,
    ),
    ...(none.length === 0 ? [] : definitions([["None", none.join("; ")]], width)),
    ...remarksOn(health).flatMap((remark) => ["", ...wrap(remark, width)]),
    ...(page === undefined ? [] : ["", `Pictures: ${shownPath(page)}`]),
    ...(out === undefined ? [] : ["", `All findings: ${shownPath(out)}`]),
  ];
}

function kindText({ groups, areGroups }: HealthKind): string {
  const named = groups.slice(0, mostNamed).map((group) => {
    const rest = group.length - mostOfGroup;
    return (
      group.slice(0, mostOfGroup).map(pictureText).join(" = ") + (rest > 0 ? ` and ${formatCount(rest)} more` : "")
    );
  });
  const what = areGroups ? formatCounted(groups.length, "group") : formatCount(groups.length);
  const more = groups.length > mostNamed ? `; and ${formatCount(groups.length - mostNamed)} more` : "";
  return `${what}: ${named.join("; ")}${more}`;
}

function pictureText({ path, note = "" }: NotedPicture): string {
  const shown = shownName(shownPath(path), 80);
  return note === "" ? shown : `${shown} (${shownName(note, 120).replace(/\.$/, "")})`;
}
