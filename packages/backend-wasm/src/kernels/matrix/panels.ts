import { TILE_COLUMNS } from "../../codes/tile.ts";

/** As many columns as whole panels hold. */
export function roundToPanel(columns: number): number {
  return Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
}
