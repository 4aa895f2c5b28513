/** What a passage has to lead to if it compares speeds: the table of the results. */
const source = /tooling\/bench\/results|#how-fast/;

/** Others whose speed might be compared with ours. */
const peer = /PyTorch|\btorch\b|Keras|TensorFlow|tfjs|onnxruntime|jax-js|LiteRT/i;

/** A figure of time or of rate, or a ratio of such; not the end of a name, as in EfficientNetV2S. */
const figure =
  /(?<![a-z])\d\s?(?:ms|milliseconds|seconds|s\b|images\/s|images a second|GFLOP)|\d\s?(?:x\b(?! ?\d)|times\b)|[\d.]+-fold|twice as|half (?:of )?(?:its|the|as)/i;

/** A table with figures. */
const figureCell = /\|\s*[\d.,]+\s*(?:\([\d.]+ to [\d.]+\)\s*)?\|/;

/** Words that compare speeds whatever figures stand beside them. */
const comparison =
  /\b(?:faster|slower|quicker) than\b|\bas (?:fast|quick) as\b|\boutperforms?\b|\btimes (?:faster|slower)\b/i;

/**
 * Paragraphs that claim speed against something else and do not lead to the row that shows it.
 *
 * What stands between the markers of {@link import("./claims.mjs").quote} comes from the results, and code claims nothing.
 *
 * @param {string} text Markdown.
 * @returns {string[]}
 */
export function findUnfoundedClaims(text) {
  return text
    .replaceAll(/<!-- bench: [a-z-]+ -->[\s\S]*?<!-- \/bench -->/g, "")
    .replaceAll(/^```[\s\S]*?^```/gm, "")
    .split(/\n\s*\n/)
    .filter(
      (paragraph) =>
        comparison.test(paragraph) || (peer.test(paragraph) && (figure.test(paragraph) || figureCell.test(paragraph))),
    )
    .filter((paragraph) => !source.test(paragraph));
}
