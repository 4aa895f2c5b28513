import { UnavailableError } from "@featuremap/tensor";

/** A package that the user may add is not there: no fault where another device was to be found anyway. */
export class NotInstalledError extends UnavailableError {}
