import type { WasmBackend } from "../../engine/backend.ts";
import { ASIDE_BYTES, TILE_COLUMNS } from "../../codes/tile.ts";
import { POSITION_COUNT, TILE } from "../../codes/winograd.ts";
import type { Geometry } from "../runtime/window.ts";
import { roundToPanel } from "../matrix/panels.ts";

/** Bytes of a block's transformed patches, and of its products: together about a second-level cache. */
const PATCH_BYTES = 1 << 18;
const PRODUCT_BYTES = 3 << 16;
/** Tiles in a block: fewer would read the transformed filter too often, more do not gain. */
const MINIMUM_TILES = 12;
const MAXIMUM_TILES = 36;
/** Channels from which on transforms cost less than the products they save. */
const MINIMUM_CHANNELS = 16;

/** Pointers to the tensors of a convolution or of one of its gradients. */
export interface ConvolutionPointers {
  readonly input: number;
  readonly filter: number;
  readonly output: number;
  /** Of the forward pass the bias, of the filter gradient the bias's gradient; 0 where there is none. */
  readonly bias: number;
  /** Output of the activation whose gradient is taken on the way, or 0. */
  readonly mask: number;
  /** See `epilogueCode`. */
  readonly activation: number;
  /**
   * Where windows of 2 x 2 of the output are pooled, where their choices lie, or 0 for none noted: `output` and `mask` are
   * then those of the maxima.
   */
  readonly choices?: number;
}

/** Whether minimal filtering takes fewer products, by enough to pay for its transforms. */
export function suitsWinograd(geometry: Geometry): boolean {
  const { inChannels, outChannels, outHeight, outWidth } = geometry;
  return (
    geometry.filterHeight === 3 &&
    geometry.filterWidth === 3 &&
    geometry.strideHeight === 1 &&
    geometry.strideWidth === 1 &&
    geometry.dilationHeight === 1 &&
    geometry.dilationWidth === 1 &&
    inChannels % 4 === 0 &&
    outChannels % TILE_COLUMNS === 0 &&
    Math.min(inChannels, outChannels) >= MINIMUM_CHANNELS &&
    tilesOf(geometry) >= MINIMUM_TILES &&
    // 36 products for a tile against 9 for each output.
    tilesOf(geometry) * POSITION_COUNT <= 0.7 * 9 * geometry.batchSize * outHeight * outWidth
  );
}

function tilesOf({ batchSize, outHeight, outWidth }: Geometry): number {
  return batchSize * Math.ceil(outHeight / TILE) * Math.ceil(outWidth / TILE);
}

interface Blocks {
  readonly tiles: number;
  readonly channels: number;
}

/** Tiles and channels of a block whose patches have `depth` channels. */
function blocksFor(depth: number, channels: number): Blocks {
  const perChannel = 4 * POSITION_COUNT;
  const tiles = Math.min(MAXIMUM_TILES, Math.max(MINIMUM_TILES, Math.floor(PATCH_BYTES / perChannel / depth)));
  const together = Math.max(16, Math.floor(PRODUCT_BYTES / perChannel / tiles / TILE_COLUMNS) * TILE_COLUMNS);
  const parts = Math.ceil(channels / together);
  return { tiles, channels: roundToPanel(channels / parts) };
}

function reserve(geometry: Geometry, depth: number, { tiles, channels }: Blocks, backend: WasmBackend): void {
  const widest = Math.max(geometry.inChannels, geometry.outChannels);
  backend.reserveScratch(POSITION_COUNT * (16 + 4 * widest + 4 * tiles * (depth + channels) + 128) + ASIDE_BYTES);
}

function setPooling({ choices }: ConvolutionPointers, backend: WasmBackend): void {
  backend.kernels.setWinogradPooling(choices !== undefined, choices ?? 0);
}

/** Parts of equal size, none above `most`, and where there are few of them a multiple of the threads. */
function partsOf(total: number, most: number, threads: number): number {
  const parts = Math.ceil(total / most);
  return parts >= 4 * threads ? parts : Math.min(total, Math.ceil(parts / threads) * threads);
}

export function winogradForward(geometry: Geometry, at: ConvolutionPointers, backend: WasmBackend): void {
  const { batchSize, inChannels, outChannels } = geometry;
  const blocks = blocksFor(inChannels, outChannels);
  const tasks = partsOf(tilesOf(geometry), blocks.tiles, backend.threads);
  reserve(geometry, inChannels, blocks, backend);
  setPooling(at, backend);
  backend.withWorkspace(4 * POSITION_COUNT * inChannels * outChannels, (transformed) =>
    backend.kernels.winogradForward(
      batchSize,
      at.input,
      at.filter,
      at.output,
      at.bias,
      at.activation,
      transformed,
      tasks,
      blocks.channels,
    ),
  );
}

export function winogradInputGradient(geometry: Geometry, at: ConvolutionPointers, backend: WasmBackend): void {
  const { batchSize, inChannels, outChannels } = geometry;
  const blocks = blocksFor(outChannels, inChannels);
  const tilesInImage = tilesOf(geometry) / batchSize;
  const tasks = partsOf(batchSize, Math.max(1, Math.floor(blocks.tiles / tilesInImage)), backend.threads);
  reserve(geometry, outChannels, blocks, backend);
  setPooling(at, backend);
  backend.withWorkspace(4 * POSITION_COUNT * outChannels * roundToPanel(inChannels), (transformed) =>
    backend.kernels.winogradInputGradient(
      batchSize,
      at.output,
      at.filter,
      at.input,
      at.mask,
      at.activation,
      transformed,
      tasks,
      blocks.tiles,
      blocks.channels,
    ),
  );
}

export function winogradFilterGradient(geometry: Geometry, at: ConvolutionPointers, backend: WasmBackend): void {
  const { batchSize, inChannels, outChannels } = geometry;
  const tiles = tilesOf(geometry);
  const blocks = blocksFor(inChannels, outChannels);
  const chunks = Math.min(backend.threads, tiles);
  setPooling(at, backend);
  reserve(geometry, inChannels, blocks, backend);
  const size = POSITION_COUNT * inChannels * outChannels;
  // What is read and written beside the products, in transformed matrices.
  const byChunk = inChannels * outChannels * 2 * (chunks + Math.ceil(tiles / blocks.tiles));
  const byPosition = 2 * tiles * (inChannels + outChannels) + 2 * inChannels * outChannels;
  if (byPosition < byChunk) {
    const tasks = partsOf(tiles, MINIMUM_TILES, backend.threads);
    const [sums, patches] = [size + outChannels * tasks, POSITION_COUNT * (tiles * inChannels + 16)];
    const gradients = POSITION_COUNT * (tiles * outChannels + 16);
    backend.withWorkspace(4 * (sums + patches + gradients), (memory) =>
      backend.kernels.winogradFilterGradientByPosition(
        batchSize,
        at.input,
        at.output,
        at.filter,
        at.bias,
        at.mask,
        at.activation,
        memory,
        memory + 4 * sums,
        memory + 4 * (sums + patches),
        tasks,
      ),
    );
    return;
  }
  backend.withWorkspace(4 * (size + outChannels) * chunks, (partials) =>
    backend.kernels.winogradFilterGradient(
      batchSize,
      at.input,
      at.output,
      at.filter,
      at.bias,
      at.mask,
      at.activation,
      partials,
      chunks,
      blocks.tiles,
      blocks.channels,
    ),
  );
}
