import { type Picture, type Pixels, readPicture } from "@featuremap/images";
import type { Prediction } from "@featuremap/inference";
import { useState } from "react";
import { Bars } from "./bars";
import { Camera } from "./camera";
import { DropZone } from "./drop-zone";
import { useClassifier } from "./use-classifier";

interface ClassifierProps {
  /** Address of the model's `model.json`. */
  model: string;
  /** What happens to a picture before the model sees it. */
  prepare?: (pixels: Pixels) => Pixels;
}

/** Classifies a picture that is dropped, chosen or taken by the camera, in this page. */
export function Classifier({ model, prepare = (pixels) => pixels }: ClassifierProps) {
  const state = useClassifier(model);
  const [predictions, setPredictions] = useState<readonly Prediction[]>([]);
  const [problem, setProblem] = useState<unknown>();

  if (state.status === "loading") return <progress aria-label="Loading the model" value={state.share} />;
  if (state.status === "failed") return <Problem error={state.error} />;

  const { classifier } = state;
  async function classify(picture: Picture) {
    try {
      const answer = await classifier.classify(prepare(await readPicture(picture)), { topK: 3 });
      setPredictions(answer.predictions);
      setProblem(undefined);
    } catch (error) {
      setPredictions([]);
      setProblem(error);
    }
  }

  return (
    <section className="classifier" aria-label="Classifier">
      <DropZone onPicture={classify} />
      <Camera onPicture={classify} onProblem={setProblem} />
      {problem !== undefined && <Problem error={problem} />}
      <Bars predictions={predictions} />
      <small>Runs on {classifier.device.description}. Pictures stay in this page.</small>
    </section>
  );
}

function Problem({ error }: { error: unknown }) {
  return <p role="alert">{error instanceof Error ? error.message : String(error)}</p>;
}
