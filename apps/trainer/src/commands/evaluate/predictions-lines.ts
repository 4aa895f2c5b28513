import type { Answer } from "../../report/predict-files.ts";

/** Classes of which a line tells the probability. */
const mostTold = 10;

/** A picture's line of `predictions.jsonl`: what it is, what the network takes it for, and how sure it is of the ten likeliest. */
export function predictionLine(
  { path, label, predicted, probabilities, loss }: Answer,
  classNames: readonly string[],
): string {
  const likeliest = Array.from(probabilities.keys())
    .toSorted((one, other) => (probabilities[other] ?? 0) - (probabilities[one] ?? 0))
    .slice(0, mostTold);
  const line = {
    image: path,
    label: classNames[label],
    predicted: classNames[predicted],
    probabilities: likeliest.map((index) => ({ label: classNames[index], probability: rounded(probabilities[index]) })),
    loss: rounded(loss),
  };
  return `${JSON.stringify(line)}\n`;
}

function rounded(value = Number.NaN): number {
  return Number(value.toFixed(6));
}
