import { type WebGPUBackend, type WebGPUProgram, webgpu_util } from "@tensorflow/tfjs-backend-webgpu";
import { Cast, type CastAttrs, type KernelConfig, type NamedAttrMap, type TensorInfo } from "@tensorflow/tfjs-core";

/**
 * `y = f32(x)` of integers or booleans.
 *
 * TensorFlow.js's own kernel leaves the integers where they are and calls them numbers, which several of its other kernels
 * do not take: a transposed mask, as in the gradient of the largest element of each channel, is then a shader that does
 * not compile.
 *
 * Buffers: x i32[count], y f32[count].
 * Dispatch: ceil(count / 64) workgroups; one thread writes one element.
 * Tolerance: exact up to 2^24.
 */
const source = `
fn main(index : i32) {
  if (index < uniforms.size) {
    setOutputAtIndex(index, getXByOutputIndex(index));
  }
}
`;

/**
 * To register in place of the kernel that TensorFlow.js has under this name.
 *
 * @param other what casts to anything but float32
 */
export function castToFloat(other: KernelConfig): KernelConfig {
  return {
    ...other,
    kernelName: Cast,
    kernelFunc: (call) => {
      const { x } = call.inputs as Record<"x", TensorInfo>;
      const { dtype } = call.attrs as NamedAttrMap & CastAttrs;
      const isInteger = x.dtype === "int32" || x.dtype === "bool";
      return isInteger && dtype === "float32" ? toFloat(x, call.backend as WebGPUBackend) : other.kernelFunc(call);
    },
  };
}

function toFloat(x: TensorInfo, backend: WebGPUBackend): TensorInfo {
  const dispatchLayout = webgpu_util.flatDispatchLayout(x.shape);
  const workgroupSize: [number, number, number] = [64, 1, 1];
  const program: WebGPUProgram = {
    variableNames: ["x"],
    outputShape: x.shape,
    size: true,
    workgroupSize,
    dispatchLayout,
    dispatch: webgpu_util.computeDispatch(dispatchLayout, x.shape, workgroupSize),
    shaderKey: "castToFloat",
    getUserCode: () => source,
  };
  return backend.runWebGPUProgram(program, [x], "float32");
}
