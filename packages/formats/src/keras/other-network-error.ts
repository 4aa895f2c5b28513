import { FormatError } from "@featuremap/tensor";

/** A file holds whole weights, but those of another network than the model. */
export class OtherNetworkError extends FormatError {
  override readonly name: string = "OtherNetworkError";
}

/** A file of weights, which are told by the order of the layers alone, is of another number of layers than the model. */
export class LayerCountError extends OtherNetworkError {
  override readonly name: string = "LayerCountError";
  /** Layers with weights in the file. */
  readonly inFile: number;
  /** Those in the model. */
  readonly inModel: number;

  constructor(source: string, inFile: number, inModel: number) {
    super(source, "layers with weights", `${inModel}, as many as the model has`, `${inFile}`);
    this.inFile = inFile;
    this.inModel = inModel;
  }
}
