import type { Classifier } from "@featuremap/inference";
import { useEffect, useState } from "react";

export type ClassifierState =
  | { status: "loading"; share?: number | undefined }
  | { status: "ready"; classifier: Classifier }
  | { status: "failed"; error: unknown };

/** Loads a model while the component is there, and frees what it holds when the component goes. */
export function useClassifier(model: string): ClassifierState {
  const [state, setState] = useState<ClassifierState>({ status: "loading" });

  useEffect(() => {
    const controller = new AbortController();
    const show = (next: ClassifierState) => {
      if (!controller.signal.aborted) setState(next);
    };
    const loading = load(model, controller.signal, (share) => show({ status: "loading", share }));
    loading.then(
      (classifier) => show({ status: "ready", classifier }),
      (error: unknown) => show({ status: "failed", error }),
    );
    return () => {
      controller.abort();
      setState({ status: "loading" });
      // Whether it has been loaded by now or will be in a moment; what was aborted holds nothing.
      loading.then(
        (classifier) => classifier.dispose(),
        () => {},
      );
    };
  }, [model]);

  return state;
}

/** The page is there before the code that classifies, which comes in a chunk of its own. */
async function load(model: string, signal: AbortSignal, onShare: (share?: number) => void): Promise<Classifier> {
  const { loadClassifier } = await import("@featuremap/inference");
  return loadClassifier(model, { signal, onProgress: ({ share }) => onShare(share) });
}
