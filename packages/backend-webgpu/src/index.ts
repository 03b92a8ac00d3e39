// The public surface of @sinapse/backend-webgpu.

import type { Backend, OptionChecks } from '@sinapse/core';
import { BackendError, check, checkOptions } from '@sinapse/core';
import { findAdapter, isSoftware } from './adapter.ts';
import { WebGpuBackend } from './backend.ts';

export interface WebGpuOptions {
  /** Which card to take where there are two. Default: the system chooses. */
  readonly powerPreference?: 'low-power' | 'high-performance';
  /** Bytes that all buffers may take together. Default: no limit of our own. */
  readonly memoryLimit?: number;
  /**
   * Whether products of matrices use the memory that the threads of a workgroup share. Default: on graphics processors yes, on software rasterisers
   * no, where barriers take longer than what they save.
   */
  readonly workgroupMemory?: boolean;
}

const OPTIONS: OptionChecks<WebGpuOptions> = {
  powerPreference: check.oneOf(['low-power', 'high-performance']),
  memoryLimit: check.positive,
  workgroupMemory: check.flag,
};

/**
 * A backend on WebGPU: in a page or worker that has it, and in Node with the package `webgpu`. float32, int32, uint8 and bool; magnitudes below
 * 2^-126 may count as 0.
 * @throws SinapseError for unknown options, BackendError when there is no adapter; its message says what to do
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<Backend> {
  checkOptions('webgpu', options, OPTIONS);
  const { powerPreference, memoryLimit = Infinity } = options;
  const found = await findAdapter(powerPreference === undefined ? {} : { powerPreference });
  if ('why' in found) throw new BackendError(`webgpu: ${found.why}`);
  const { limits, info, features } = found.adapter;
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = limits;
  const device = await found.adapter.requestDevice({
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage },
  });
  return new WebGpuBackend(device, info, memoryLimit, options.workgroupMemory ?? !isSoftware(info));
}

/** Undefined where a WebGPU backend can be made, otherwise one sentence with the reason and what to do. */
export async function whyNot(): Promise<string | undefined> {
  const found = await findAdapter();
  return 'why' in found ? found.why : undefined;
}
