import { median, ratios } from "./statistics.mjs";

/** @import { Comparison } from "./measure.mjs" */
/** @import { OwnFigure } from "./own-works.mjs" */

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
 * @property {number} busy Most of the cores' time, in [0, 1], that other programs took before one of the works.
 * @property {string} date
 * @property {number} rounds
 * @property {number} seconds
 * @property {readonly Participant[]} participants Ours first.
 * @property {readonly Comparison[]} comparisons
 * @property {readonly OwnFigure[]} own What was measured of ours alone.
 */

/** Share of the cores from which on other programs spoil the figures; a quiet system takes a few hundredths. */
const tooBusy = 0.15;

/** @param {Report} report @returns {string} Markdown. */
export function formatReport({ machine, busy, date, rounds, seconds, participants, comparisons, own }) {
  const others = `Before the works, other programs kept the cores at most ${Math.round(100 * busy)} % busy`;
  return [
    "# Featuremap against its peers",
    "",
    `${date}, ${machine}.`,
    busy > tooBusy ? `**${others}: trust no figure.**` : `${others}.`,
    ...comparisonSection(comparisons, participants, rounds, seconds),
    ...ownSection(own),
    ...absenceSection(comparisons, participants, own),
    "",
  ].join("\n");
}

/**
 * @param {readonly Comparison[]} comparisons
 * @param {readonly Participant[]} participants
 * @param {number} rounds
 * @param {number} seconds
 */
function comparisonSection(comparisons, participants, rounds, seconds) {
  if (comparisons.length === 0) return [];
  const present = participants.filter(({ absence }) => absence === undefined);
  return [
    "",
    `${rounds} ${rounds === 1 ? "round" : "rounds"} of about ${seconds} s, in turns: ours, a peer, ours, the next. Medians, in images a second and in`,
    "milliseconds a step or prediction. The ratio is ours over the peer's in throughput, pair by pair; in brackets the",
    "lowest and the highest.",
    "",
    "| work | peer | ours, images/s | peer, images/s | ours, ms | peer, ms | ratio | at least | aim | |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ...comparisons.map((comparison) => formatComparison(comparison, participants)),
    "",
    ...present.map(formatParticipant),
  ];
}

/** @param {readonly OwnFigure[]} own */
function ownSection(own) {
  if (own.length === 0) return [];
  return ["", "Ours alone:", "", "| what | measured | below | |", "|---|--:|--:|---|", ...own.map(formatOwn)];
}

/** @param {OwnFigure} own */
function formatOwn({ title, unit, below, figure, failure }) {
  const measured = figure === undefined ? "" : `${significant(figure)} ${unit}`;
  const judged = figure !== undefined && figure < below ? "reached" : "missed";
  return `| ${[title, measured, `${below} ${unit}`, failure === undefined ? judged : "failed"].join(" | ")} |`;
}

/**
 * @param {readonly Comparison[]} comparisons
 * @param {readonly Participant[]} participants
 * @param {readonly OwnFigure[]} own
 */
function absenceSection(comparisons, participants, own) {
  const missing = participants.flatMap(({ title, absence }) =>
    absence === undefined ? [] : [`- ${title} is absent: ${cell(absence)}`],
  );
  const failures = comparisons.flatMap(({ work, peer, failure }) =>
    failure === undefined ? [] : [`- ${work.title} in ${titleOf(peer, participants)} failed: ${cell(failure)}`],
  );
  const ownFailures = own.flatMap(({ title, failure }) =>
    failure === undefined ? [] : [`- ${title} failed: ${cell(failure)}`],
  );
  const all = [...missing, ...failures, ...ownFailures];
  return all.length === 0 ? [] : ["", "Not measured:", ...all];
}

/** @param {Comparison} comparison @param {readonly Participant[]} participants */
function formatComparison({ work, peer, pairs, failure }, participants) {
  const { atLeast, aim } = work.targets[peer] ?? {};
  const { median: ratio, lowest, highest } = ratios(pairs);
  const measured = pairs.length > 0;
  const [ourRate, peerRate] = [median(pairs.map(({ ours }) => ours)), median(pairs.map((pair) => pair.peer))];
  const milliseconds = (/** @type {number} */ rate) => significant((1000 * work.batchSize) / rate);
  const cells = [
    work.title,
    titleOf(peer, participants),
    measured ? significant(ourRate) : "",
    measured ? significant(peerRate) : "",
    measured ? milliseconds(ourRate) : "",
    measured ? milliseconds(peerRate) : "",
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

/** Three digits at least. @param {number} value */
function significant(value) {
  return value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString("en");
}

/** Text that breaks no line. @param {string} text */
function cell(text) {
  return text.replaceAll(/\s+/g, " ").slice(0, 400);
}
