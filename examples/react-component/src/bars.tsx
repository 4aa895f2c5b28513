import type { Prediction } from "@featuremap/inference";

export function Bars({ predictions }: { predictions: readonly Prediction[] }) {
  return (
    <ol className="bars" aria-label="Answers">
      {predictions.map(({ label, probability }) => (
        <li key={label}>
          {label}
          <meter value={probability} />
          {Math.round(100 * probability)} %
        </li>
      ))}
    </ol>
  );
}
