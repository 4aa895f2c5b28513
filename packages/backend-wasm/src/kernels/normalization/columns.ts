import type { WasmBackend } from "../../engine/backend.ts";

/** Floats over which a vector loop runs at its speed. */
const SHORTEST = 64;
/** Floats of a block, which are to stay in the cache while they are read twice. */
const BLOCK = 8192;
/** Fewest rows of a block: what is done once for each channel of a block is to be seldom. */
const FEWEST_ROWS = 32;
const MOST_TASKS = 64;

/**
 * Shares sums over the rows of `[rows, channels]` among the threads as `assembly/normalization/columns.ts` says, for `use` to run.
 *
 * @param partials float64 numbers that each task keeps
 * @param use receives the floats of a wide row
 */
export function withColumns<Result>(
  backend: WasmBackend,
  rows: number,
  channels: number,
  partials: number,
  use: (width: number) => Result,
): Result {
  const together = channels % 4 === 0 ? Math.ceil(SHORTEST / channels) : 4 * Math.ceil(SHORTEST / (4 * channels));
  const width = channels * together;
  const wideRows = Math.floor(rows / together);
  const tail = (rows - wideRows * together) * channels;
  const rowsPerBlock = Math.max(FEWEST_ROWS, Math.ceil(BLOCK / width));
  const blocks = Math.max(1, Math.ceil(wideRows / rowsPerBlock));
  const blocksPerTask = Math.ceil(blocks / MOST_TASKS);
  const tasks = Math.ceil(blocks / blocksPerTask);
  // Two wide rows for each thread.
  backend.reserveScratch(8 * width);
  return backend.withWorkspace(8 * partials * tasks, (pointer) => {
    backend.kernels.setColumns(channels, width, wideRows, tail, rowsPerBlock, blocks, blocksPerTask, pointer);
    return use(width);
  });
}
