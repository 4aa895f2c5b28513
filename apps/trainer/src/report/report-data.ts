import type { DatasetHealth } from "@featuremap/datasets";
import type { Pixels } from "@featuremap/images";
import type { Calibration, CurveHistory, RgbaPixels } from "@featuremap/visualize";
import type { LayerPictures } from "../drawing/layer-pictures.ts";
import type { WeightsFacts } from "./weights-line.ts";

/** What a section shows, or why there is nothing to show. */
export type Shown<Value> = { readonly value: Value } | { readonly absent: string };

/** Which part of the data answers are judged by; "all" where it is all there are. */
export type PartName = "train" | "validation" | "test" | "all";

/** Answers for pictures, as columns of one length. */
export interface Predictions {
  /** Where each picture stands among the files; those that could not be read are not there. */
  readonly places: Int32Array;
  readonly paths: readonly string[];
  /** The right class. */
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
  /** Of the predicted class. */
  readonly probabilities: Float32Array;
  /** `-ln` of the right class's probability, as in training. */
  readonly losses: Float32Array;
  /** 1 where the right class is among the five that are the most probable. */
  readonly amongFive: Uint8Array;
}

/** How well one class is recognised. A share of nothing is NaN. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Pictures of the class. */
  readonly support: number;
  /** Pictures that were taken for it. */
  readonly predicted: number;
}

/** How many pictures of one class were taken for one class, itself or another. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
}

/** A confusion matrix, of which only the cells that are not empty are kept. */
export interface ConfusionCells {
  /** By rows, then by columns. */
  readonly cells: readonly MatrixCell[];
  readonly classes: number;
}

/** What comes of predictions. */
export interface Scores {
  readonly images: number;
  readonly accuracy: number;
  readonly loss: number;
  /** Share of the pictures whose class is among the five most probable; undefined where there are at most five. */
  readonly topFive: number | undefined;
  readonly matrix: ConfusionCells;
  readonly classes: readonly ClassScores[];
  /** Means over the classes that are there or were named. */
  readonly mean: Pick<ClassScores, "precision" | "recall" | "f1">;
  readonly calibration: Calibration;
  /** Mistakes, the most frequent first. */
  readonly confusions: readonly MatrixCell[];
}

/** A picture and what is said of it. */
export interface Captioned {
  readonly path: string;
  /** Class index. */
  readonly label: number;
  /** Class index; absent where the network was not asked. */
  readonly predicted?: number;
  readonly probability?: number;
  readonly loss?: number;
}

/** A small picture as pixels, to be drawn, and as a WebP file, to be put into a page. */
export interface Thumbnail {
  readonly pixels: Pixels;
  readonly file: Uint8Array;
}

export interface ShownPicture extends Captioned, Thumbnail {}

/** Pictures of the cells of a confusion matrix; only as files, for there are many. */
export interface CellPictures {
  readonly cells: readonly {
    readonly row: number;
    readonly column: number;
    readonly pictures: readonly (Captioned & Pick<Thumbnail, "file">)[];
  }[];
  /** How many are there, and how many could have been. */
  readonly kept: number;
  readonly all: number;
  /** The most that are kept of a cell of mistakes, and of right answers. */
  readonly mostWrong: number;
  readonly mostRight: number;
}

/** The first pictures as the network learned from them. */
export interface LearnedBatch {
  readonly pictures: readonly { readonly pixels: Pixels; readonly caption: string }[];
}

/** Where the network looked. */
export interface Explained extends ShownPicture {
  /** A map for the class that was predicted, and, of a mistake, one for the right class. */
  readonly maps: readonly { readonly classIndex: number; readonly pixels: RgbaPixels }[];
}

/** What the data's pictures are like. */
export interface HealthReport {
  readonly findings: DatasetHealth;
  /** Those that are shown, by their index. */
  readonly pictures: ReadonlyMap<number, Thumbnail>;
  /** How many of the data's pictures were looked at, of how many. */
  readonly looked: number;
  readonly all: number;
  /** Height and width in which they were looked at; undefined where each was as in its file. */
  readonly size: readonly [height: number, width: number] | undefined;
  /** Findings of each kind that are shown. Default: 4. */
  readonly most?: number;
}

/** What a report tells of a trained network. */
export interface ReportData {
  /** Of the run. */
  readonly name: string;
  readonly classNames: readonly string[];
  readonly network: {
    readonly name: string;
    readonly parameters: number;
    readonly size: readonly [height: number, width: number];
    readonly channels: string;
  };
  /** How many pictures of each class each part has; null for a part without labels. */
  readonly parts: readonly {
    readonly name: PartName;
    readonly size: number;
    readonly counts: readonly number[] | null;
  }[];
  /** How it was trained, by the names of the command's options; undefined where no training is told of. */
  readonly training?: {
    readonly device: string;
    /** "1:02:03" */
    readonly duration: string;
    readonly weights: WeightsFacts;
    /** Why there are fewer steps than were asked for. */
    readonly ended?: string | undefined;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  /** Undefined where no training is told of, which then has no section. */
  readonly history: Shown<CurveHistory> | undefined;
  readonly judged: Shown<{
    readonly part: PartName;
    readonly predictions: Predictions;
    readonly scores: Scores;
    readonly cells: CellPictures;
    readonly mostWrong: readonly ShownPicture[];
    /** Files that could not be read. */
    readonly unread: number;
  }>;
  readonly labelled: Shown<readonly ShownPicture[]>;
  /** Undefined where no training is told of. */
  readonly firstBatches: Shown<readonly LearnedBatch[]> | undefined;
  readonly filters: Shown<LayerPictures>;
  readonly featureMaps: Shown<{ readonly picture: ShownPicture; readonly layers: readonly LayerPictures[] }>;
  readonly gradCam: Shown<{ readonly layer: string; readonly part: PartName; readonly pictures: readonly Explained[] }>;
  readonly health: Shown<HealthReport>;
}
