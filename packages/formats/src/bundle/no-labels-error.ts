import { FormatError } from "@featuremap/tensor";

/** What was to be loaded as a bundle is a model that was saved without labels, which `loadModel` reads. */
export class NoLabelsError extends FormatError {
  override readonly name: string = "NoLabelsError";

  constructor(source: string) {
    super(source, "labels", "a list of strings", "nothing: loadModel reads models without labels");
  }
}
