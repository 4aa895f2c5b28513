import type { backend_util } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";

/** How a window slides over NHWC images. */
export type Geometry = backend_util.Conv2DInfo;

/** Describes the window of the next job. */
export function setWindow(geometry: Geometry, backend: WasmBackend): void {
  backend.kernels.setWindow(
    geometry.inHeight,
    geometry.inWidth,
    geometry.inChannels,
    geometry.outHeight,
    geometry.outWidth,
    geometry.outChannels,
    geometry.filterHeight,
    geometry.filterWidth,
    geometry.strideHeight,
    geometry.strideWidth,
    geometry.dilationHeight,
    geometry.dilationWidth,
    geometry.padInfo.top,
    geometry.padInfo.left,
  );
}
