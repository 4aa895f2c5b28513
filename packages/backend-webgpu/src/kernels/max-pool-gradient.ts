import { type WebGPUBackend, type WebGPUProgram, webgpu_util } from "@tensorflow/tfjs-backend-webgpu";
import {
  type KernelConfig,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type NamedAttrMap,
  type TensorInfo,
  backend_util,
} from "@tensorflow/tfjs-core";

/**
 * `dx` of the largest element of each window. Of several that are largest the first has the gradient, as in Keras;
 * TensorFlow.js's own kernel gives it to the last, and takes two passes. Of a window with NaN, the first NaN has it.
 *
 * Buffers: dy and y f32[n, h', w', c], x and dx f32[n, h, w, c].
 * Dispatch: ceil(size of x / 64) workgroups; one thread writes one element, from the windows that lie over it.
 * Tolerance: exact, but for the order in which the gradients of overlapping windows are added.
 */
const source = `
fn isSame(a : f32, b : f32) -> bool {
  return select(a == b, isnan(b), isnan(a));
}
fn main(index : i32) {
  if (index >= uniforms.size) {
    return;
  }
  let element = getCoordsFromIndex(index);
  let value = getX(element.x, element.y, element.z, element.w);
  let place = element.yz + uniforms.padding;
  let firstWindow = max(vec2<i32>(0), (place - uniforms.window + uniforms.strides) / uniforms.strides);
  let lastWindow = min(uniforms.windows - 1, place / uniforms.strides);
  var sum = 0.0;
  for (var row = firstWindow.x; row <= lastWindow.x; row++) {
    for (var column = firstWindow.y; column <= lastWindow.y; column++) {
      if (!isSame(getY(element.x, row, column, element.w), value)) {
        continue;
      }
      let corner = vec2<i32>(row, column) * uniforms.strides - uniforms.padding;
      let tapsBefore = (element.y - corner.x) * uniforms.window.y + element.z - corner.y;
      var isFirst = true;
      for (var tap = 0; tap < tapsBefore && isFirst; tap++) {
        let other = corner + vec2<i32>(tap / uniforms.window.y, tap % uniforms.window.y);
        let isInside = other.x >= 0 && other.y >= 0 && other.y < uniforms.width;
        if (isInside) {
          isFirst = !isSame(getX(element.x, other.x, other.y, element.w), value);
        }
      }
      if (isFirst) {
        sum += getDy(element.x, row, column, element.w);
      }
    }
  }
  setOutputAtIndex(index, sum);
}
`;

/** To register in place of the kernel that TensorFlow.js has under this name. */
export const maxPoolGradient: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: "webgpu",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { dy, input: x, output: y } = inputs as Record<"dy" | "input" | "output", TensorInfo>;
    const { filterSize, strides, pad, dimRoundingMode } = attrs as NamedAttrMap & MaxPoolGradAttrs;
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dispatchLayout = webgpu_util.flatDispatchLayout(shape);
    const workgroupSize: [number, number, number] = [64, 1, 1];
    const program: WebGPUProgram = {
      variableNames: ["dy", "x", "y"],
      uniforms: "strides : vec2<i32>, padding : vec2<i32>, window : vec2<i32>, windows : vec2<i32>, width : i32,",
      outputShape: shape,
      size: true,
      workgroupSize,
      dispatchLayout,
      dispatch: webgpu_util.computeDispatch(dispatchLayout, shape, workgroupSize),
      shaderKey: "firstOfLargestGradient",
      getUserCode: () => source,
    };
    return (backend as WebGPUBackend).runWebGPUProgram(program, [dy, x, y], "float32", [
      { type: "int32", data: [info.strideHeight, info.strideWidth] },
      { type: "int32", data: [info.padInfo.top, info.padInfo.left] },
      { type: "int32", data: [info.filterHeight, info.filterWidth] },
      { type: "int32", data: [info.outHeight, info.outWidth] },
      { type: "int32", data: [info.inWidth] },
    ]);
  },
};
