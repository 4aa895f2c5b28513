/** Height, width and channels of a picture; null where any number will do. */
export type InputShape = readonly [height: number | null, width: number | null, channels: number];
