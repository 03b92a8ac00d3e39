// Stands in for tfjs-node: tfjs's kernels in JavaScript, registered as TensorFlow's, whose results are in the books of tfjs's engine.

import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { engine, getKernelsForBackend, registerKernel, Tensor } from '@tensorflow/tfjs-core';

/** Kernels that hand on the data of their input, also on tfjs-node. */
const PLAIN = ['Identity', 'Reshape'];

/** A backend that is recognised as tfjs-node's. */
export function standIn(): MathBackendCPU {
  return Object.assign(new MathBackendCPU(), { isUsingGpuDevice: true });
}

for (const { kernelName, kernelFunc } of getKernelsForBackend('cpu')) {
  const entered: KernelFunc = (call) => {
    const result = kernelFunc(call);
    if (PLAIN.includes(kernelName)) return result;
    const enter = (info: TensorInfo): TensorInfo =>
      info instanceof Tensor ? info : engine().makeTensorFromTensorInfo(info, call.backend as MathBackendCPU);
    return Array.isArray(result) ? result.map(enter) : enter(result);
  };
  registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc: entered });
}
