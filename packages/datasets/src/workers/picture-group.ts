import type { DecodeNote, Pixels } from "@featuremap/images";
import type { PackedPlace } from "../pipeline/packed/packed-store.ts";
import { type PassRandom, elementRandom } from "./element-random.ts";
import type { RecipeWork } from "./run-recipe.ts";
import { type FaultDescription, describeFault } from "./worker-error.ts";

/** One of the pictures that are made together. */
export interface GroupedPicture {
  /** For errors. */
  readonly name: string;
  /** A path on the disk, pixels, or where these were kept. */
  readonly source: string | Pixels | PackedPlace;
  /** By which its random numbers are told from others'. */
  readonly element: number;
}

/** Pictures of one recipe, to be made one after the other. */
export interface PictureGroup {
  readonly pictures: readonly GroupedPicture[];
  /** Undefined: nothing is drawn. */
  readonly random: PassRandom | undefined;
  /** Where they go, one behind the other; it changes hands, there and back. */
  readonly target: ArrayBuffer;
  /** Bytes of each picture. */
  readonly pictureBytes: number;
}

/** Pictures that were made together. */
export interface FilledGroup {
  readonly target: ArrayBuffer;
  /** Places in the group of those that could not be made, each with the reason; their bytes say nothing. */
  readonly faults: readonly (readonly [place: number, fault: FaultDescription])[];
  /** What decoding said. */
  readonly notes: readonly (readonly [place: number, note: DecodeNote])[];
}

/** Makes the pictures of a group. */
export async function fillGroup(group: PictureGroup, work: RecipeWork): Promise<FilledGroup> {
  const { pictures, random, target, pictureBytes } = group;
  const faults: [number, FaultDescription][] = [];
  const notes: [number, DecodeNote][] = [];
  for (const [place, { name, source, element }] of pictures.entries()) {
    const task = { name, source, random: random && elementRandom(random, element) };
    const bytes = new Uint8Array(target, place * pictureBytes, pictureBytes);
    try {
      await work(
        task,
        ({ data }) => {
          if (data.length !== pictureBytes) throw new Error(`${data.length} bytes instead of ${pictureBytes}`);
          bytes.set(data);
        },
        undefined,
        (note) => notes.push([place, note]),
      );
    } catch (error) {
      faults.push([place, describeFault(error)]);
    }
  }
  return { target, faults, notes };
}
