import { median, ratios } from "./statistics.mjs";

/** @import { Comparison } from "./measure.mjs" */

/**
 * A peer as it was found.
 *
 * @typedef {object} Participant
 * @property {string} name
 * @property {string} title
 * @property {string} [remark]
 * @property {Readonly<Record<string, string>>} [versions] Absent where the peer is.
 * @property {number} [threads]
 * @property {string} [absence] Why it is not there.
 */

/**
 * @typedef {object} Report
 * @property {string} machine
 * @property {number} load Of the machine before the first round.
 * @property {string} date
 * @property {number} rounds
 * @property {number} seconds
 * @property {readonly Participant[]} participants Ours first.
 * @property {readonly Comparison[]} comparisons
 */

/** Load from which on something else must have been running. */
const busy = 0.5;

/** @param {Report} report @returns {string} Markdown. */
export function formatReport({ machine, load, date, rounds, seconds, participants, comparisons }) {
  const present = participants.filter(({ absence }) => absence === undefined);
  const absent = participants.filter(({ absence }) => absence !== undefined);
  const missing = absent.map(({ title, absence }) => `- ${title} is absent: ${cell(absence ?? "")}`);
  const failed = comparisons.filter(({ failure }) => failure !== undefined);
  const failures = failed.map(
    ({ work, peer, failure }) => `- ${work.title} in ${titleOf(peer, participants)} failed: ${cell(failure ?? "")}`,
  );
  return [
    "# Featuremap against its peers",
    "",
    `${date}, ${machine}.`,
    `${rounds} rounds of about ${seconds} s, in turns: ours, a peer, ours, the next. Images a second, medians.`,
    "The ratio is ours over the peer's in throughput, pair by pair; in brackets the lowest and the highest.",
    ...(load > busy
      ? ["", `**The machine was busy with other work (load ${load.toFixed(1)}): trust no figure.**`]
      : []),
    "",
    "| work | peer | ours | peer | ratio | at least | aim | |",
    "|---|---|--:|--:|--:|--:|--:|---|",
    ...comparisons.map((comparison) => formatComparison(comparison, participants)),
    "",
    ...present.map(formatParticipant),
    ...(missing.length + failures.length > 0 ? ["", "Not measured:", ...missing, ...failures] : []),
    "",
  ].join("\n");
}

/** @param {Comparison} comparison @param {readonly Participant[]} participants */
function formatComparison({ work, peer, pairs, failure }, participants) {
  const { atLeast, aim } = work.targets[peer] ?? {};
  const { median: ratio, lowest, highest } = ratios(pairs);
  const measured = pairs.length > 0;
  const cells = [
    work.title,
    titleOf(peer, participants),
    measured ? throughput(median(pairs.map(({ ours }) => ours))) : "",
    measured ? throughput(median(pairs.map((pair) => pair.peer))) : "",
    measured ? `${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})` : "",
    atLeast ?? "",
    aim ?? "",
    failure === undefined ? verdict(ratio, atLeast, aim) : "failed",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** @param {number} ratio @param {number} [atLeast] @param {number} [aim] */
function verdict(ratio, atLeast, aim) {
  if (atLeast === undefined || aim === undefined) return "";
  if (ratio >= aim) return "aim reached";
  return ratio >= atLeast ? "reached" : "missed";
}

/** @param {Participant} participant */
function formatParticipant({ title, versions = {}, threads, remark }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const threadCount = `${threads} ${threads === 1 ? "thread" : "threads"}`;
  return `- ${title}: ${[...list, threadCount].join(", ")}.${remark === undefined ? "" : ` ${remark}`}`;
}

/** @param {string} peer @param {readonly Participant[]} participants */
function titleOf(peer, participants) {
  return participants.find(({ name }) => name === peer)?.title ?? peer;
}

/** @param {number} imagesPerSecond */
function throughput(imagesPerSecond) {
  return imagesPerSecond < 100 ? imagesPerSecond.toFixed(1) : Math.round(imagesPerSecond).toLocaleString("en");
}

/** Text that breaks no line. @param {string} text */
function cell(text) {
  return text.replaceAll(/\s+/g, " ").slice(0, 400);
}
