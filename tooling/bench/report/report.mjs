import { formatMachine } from "../machine.mjs";
import { markdownTable } from "./markdown-table.mjs";

/** @import { Participant, Results, Row } from "./results.mjs" */

/** Share of the cores from which on other programs spoil the figures; a quiet system takes a few hundredths. */
export const tooBusy = 0.15;

/** @param {Results} results @returns {string} Markdown. */
export function formatReport({ machine, busy, remark, date, rounds, seconds, participants, rows, own }) {
  const others = `Before each measurement, other programs kept the cores at most ${Math.round(100 * busy)} % busy`;
  return [
    "# Featuremap against its peers",
    "",
    `${date}, ${formatMachine(machine)}.`,
    busy > tooBusy ? `**${others}: trust no figure.**` : `${others}.`,
    ...(remark === undefined ? [] : [remark]),
    ...comparisonSection(rows, participants, rounds, seconds),
    ...ownSection(own),
    ...absenceSection(rows, participants, own),
    "",
  ].join("\n");
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly Participant[]} participants
 * @param {number} rounds
 * @param {number} seconds
 */
function comparisonSection(rows, participants, rounds, seconds) {
  if (rows.length === 0) return [];
  const present = participants.filter(({ absence }) => absence === undefined);
  const warmth =
    'Native peers appear twice: with an allocator that keeps its memory, and "as installed", where the C library returns large blocks to the system at once, so that every step pays for fresh pages.';
  return [
    "",
    `${rounds} ${rounds === 1 ? "round" : "rounds"} of about ${seconds} s, alternating: ours, a peer, ours, the next. Medians, in milliseconds per step or prediction and in images per second. The ratio is our images per second divided by the peer's, pair by pair; in brackets the lowest and the highest.`,
    warmth,
    "",
    ...markdownTable(
      [
        ["work"],
        ["peer"],
        ["ours, ms", "figures"],
        ["peer, ms", "figures"],
        ["ours, images/s", "figures"],
        ["peer, images/s", "figures"],
        ["ratio", "figures"],
        ["aim", "figures"],
        [""],
      ],
      rows.map((row) => formatRow(row, participants)),
    ),
    "",
    ...present.map(formatParticipant),
  ];
}

/** @param {Results["own"]} own */
function ownSection(own) {
  if (own.length === 0) return [];
  const columns = /** @type {const} */ ([["what"], ["measured", "figures"], ["below", "figures"], [""]]);
  return ["", "Ours alone:", "", ...markdownTable(columns, own.map(formatOwn))];
}

/** @param {Results["own"][number]} own */
function formatOwn({ title, unit, below, figure, failure }) {
  const measured = figure === undefined ? "" : `${significant(figure)} ${unit}`;
  const judged = figure !== undefined && figure < below ? "reached" : "missed";
  return [title, measured, `${below} ${unit}`, failure === undefined ? judged : "failed"];
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly Participant[]} participants
 * @param {Results["own"]} own
 */
function absenceSection(rows, participants, own) {
  const missing = participants.flatMap(({ title, absence }) =>
    absence === undefined ? [] : [`- ${title} is absent: ${cell(absence)}`],
  );
  const failures = rows.flatMap(({ title, peer, failure }) =>
    failure === undefined ? [] : [`- ${title} in ${titleOf(peer, participants)} failed: ${cell(failure)}`],
  );
  const ownFailures = own.flatMap(({ title, failure }) =>
    failure === undefined ? [] : [`- ${title} failed: ${cell(failure)}`],
  );
  const all = [...missing, ...failures, ...ownFailures];
  return all.length === 0 ? [] : ["", "Not measured:", "", ...all];
}

/** @param {Row} row @param {readonly Participant[]} participants */
function formatRow({ title, batchSize, peer, ours, theirs, ratio, aim, failure }, participants) {
  const rate = (/** @type {number | undefined} */ value) => (value === undefined ? "" : significant(value));
  const verdict = ratio === undefined || aim === undefined ? "" : ratio.median >= aim ? "reached" : "missed";
  return [
    title,
    titleOf(peer, participants),
    milliseconds(batchSize, ours),
    milliseconds(batchSize, theirs),
    rate(ours),
    rate(theirs),
    ratio === undefined ? "" : `${ratio.median.toFixed(2)} (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)})`,
    aim === undefined ? "" : String(aim),
    failure === undefined ? verdict : "failed",
  ];
}

/** Of a step or prediction, from images a second. @param {number} batchSize @param {number} [rate] */
export function milliseconds(batchSize, rate) {
  return rate === undefined ? "" : significant((1000 * batchSize) / rate);
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
export function significant(value) {
  return value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString("en");
}

/** Text that breaks no line. @param {string} text */
function cell(text) {
  return text.replaceAll(/\s+/g, " ").slice(0, 400);
}
