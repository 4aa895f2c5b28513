"use client";

import type { Classifier, Prediction } from "@featuremap/inference";
import { useEffect, useState } from "react";
import { DrawingBoard } from "./drawing-board";

/** Loads a model in the page, never on the server, and reads with it what a person draws. */
export function DigitReader({ model }: { model: string }) {
  const [classifier, setClassifier] = useState<Classifier>();
  const [predictions, setPredictions] = useState<readonly Prediction[]>([]);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const loading = import("@featuremap/inference").then(({ loadClassifier }) => loadClassifier(model, { signal }));
    loading.then(
      (loaded) => signal.aborted || setClassifier(loaded),
      (error: unknown) => signal.aborted || setProblem(textOf(error)),
    );
    return () => {
      controller.abort();
      setClassifier(undefined);
      loading.then(
        (loaded) => loaded.dispose(),
        () => {},
      );
    };
  }, [model]);

  async function read(pixels: ImageData) {
    try {
      const { digitOfImage } = await import("@featuremap/images");
      const answer = await classifier?.classify(digitOfImage(pixels), { topK: 3 });
      setPredictions(answer?.predictions ?? []);
    } catch (error) {
      setProblem(textOf(error));
    }
  }

  return (
    <>
      <DrawingBoard disabled={classifier === undefined} onStroke={read} onClear={() => setPredictions([])} />
      {problem === undefined ? (
        <p role="status">{classifier ? `Ready, on ${classifier.device.description}.` : "Loading the model …"}</p>
      ) : (
        <p role="alert">{problem}</p>
      )}
      <ol aria-label="Answers">
        {predictions.map(({ label, probability }) => (
          <li key={label}>
            {label}
            <meter value={probability} />
            {Math.round(100 * probability)} %
          </li>
        ))}
      </ol>
    </>
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
