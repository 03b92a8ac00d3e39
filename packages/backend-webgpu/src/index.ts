// The public surface of @sinapse/backend-webgpu.

import type { Backend } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import { WebGpuBackend } from './backend.ts';

/**
 * A backend on WebGPU. In Node it needs the package `webgpu`.
 * @throws BackendError when there is no adapter
 */
export async function webgpu(): Promise<Backend> {
  const adapter = await (await gpu()).requestAdapter();
  if (adapter === null) throw new BackendError('webgpu: there is no adapter');
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage },
  });
  return new WebGpuBackend(device, adapter.info);
}

/** Dawn, in Node. */
let instance: GPU | undefined;

async function gpu(): Promise<GPU> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return navigator.gpu;
  const name = 'webgpu';
  const dawn = (await import(name)) as { readonly create: (flags: string[]) => GPU; readonly globals: object };
  Object.assign(globalThis, dawn.globals);
  return (instance ??= dawn.create([])); // it must outlive its devices
}
