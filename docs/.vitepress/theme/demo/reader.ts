import type { Classifier } from "@featuremap/inference";

/** A digit and how probable it is. */
export interface Reading {
  readonly label: string;
  readonly probability: number;
}

/** Reads digits with the model at an address. */
export interface Reader {
  /** Which device computes, and why. */
  readonly device: string;
  read(picture: ImageData | Blob): Promise<{ readings: readonly Reading[]; milliseconds: number }>;
}

let opening: Promise<Reader> | undefined;

/** Loads classifier and model when they are first needed, and once: no other page pays for them. */
export function openReader(address: string): Promise<Reader> {
  opening ??= load(address).catch((error: unknown) => {
    // A network that was away may be back for the next try.
    opening = undefined;
    throw error;
  });
  return opening;
}

async function load(address: string): Promise<Reader> {
  if (import.meta.env.SSR) throw new Error("Digits are read in pages only.");
  const [{ loadClassifier, readPicture }, { digitOfImage }] = await Promise.all([
    import("@featuremap/inference"),
    import("@featuremap/images"),
  ]);
  const classifier: Classifier = await loadClassifier(address);
  const { description, reason } = classifier.device;
  return {
    device: `${description} (${reason.text})`,
    read: async (picture) => {
      const pixels = picture instanceof Blob ? await readPicture(picture) : picture;
      const { predictions, milliseconds } = await classifier.classify(digitOfImage(pixels), { topK: 10 });
      return { readings: predictions, milliseconds };
    },
  };
}
