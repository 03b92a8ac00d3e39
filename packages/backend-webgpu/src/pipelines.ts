// The compiled pipelines of passes, by what their code depends on.

import { BackendError } from '@sinapse/core';
import type { Parameters, Pass } from '@sinapse/shaders';
import { COMPUTE_STAGE } from './flags.ts';
import type { Binding } from './print.ts';
import { moduleOf, WORDS } from './print.ts';

/** A pipeline, and the layout of its bind groups. */
export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroupLayout;
}

interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

/** What the device says of a shader that it refuses. */
export type Refused = (kernel: string, error: BackendError) => void;

export class Pipelines {
  private readonly device: GPUDevice;
  private readonly refused: Refused;
  private readonly layouts = new Map<string, Layout>();
  private readonly compiled = new Map<string, Compiled>();
  /** Of shaders whose compiler has not answered yet. */
  private readonly verdicts = new Set<Promise<void>>();

  constructor(device: GPUDevice, refused: Refused) {
    this.device = device;
    this.refused = refused;
  }

  /**
   * The pipeline of a pass, compiled at its first use.
   * @param own what the runner adds to the pass's parameters
   * @param kernel that the pass belongs to
   */
  of(pass: Pass, own: Parameters, binding: Binding, kernel: string): Compiled {
    const key = keyOf(pass, binding);
    let compiled = this.compiled.get(key);
    if (compiled === undefined) {
      this.device.pushErrorScope('validation');
      const { descriptor, group } = this.describe(pass, own, binding);
      compiled = { pipeline: this.device.createComputePipeline(descriptor), group };
      const verdict = this.device.popErrorScope().then(
        (error) => {
          this.verdicts.delete(verdict);
          if (error !== null) this.refused(kernel, refusal(kernel, error));
        },
        () => void this.verdicts.delete(verdict), // the device is lost
      );
      this.verdicts.add(verdict);
      this.compiled.set(key, compiled);
    }
    return compiled;
  }

  /** Compiles a pass while others run. A shader that does not compile is left for its first call to tell of. */
  async prepare(pass: Pass, own: Parameters, binding: Binding): Promise<void> {
    const key = keyOf(pass, binding);
    if (this.compiled.has(key)) return;
    this.device.pushErrorScope('validation'); // or the shader's errors would be those of the next read
    const { descriptor, group } = this.describe(pass, own, binding);
    const pipeline = this.device.createComputePipelineAsync(descriptor).catch(() => undefined);
    await this.device.popErrorScope().catch(() => undefined);
    const made = await pipeline;
    if (made !== undefined && !this.compiled.has(key)) this.compiled.set(key, { pipeline: made, group });
  }

  /** Resolves when the compiler has answered about every shader so far. */
  async answered(): Promise<void> {
    await Promise.all(this.verdicts);
  }

  private describe(pass: Pass, own: Parameters, binding: Binding): { descriptor: GPUComputePipelineDescriptor; group: GPUBindGroupLayout } {
    const { outputs } = pass;
    const layout = this.layout(outputs.length, binding.shared.filter((output) => output === undefined).length);
    const module = this.device.createShaderModule({ code: moduleOf(pass, own, binding), label: pass.key });
    return { descriptor: { layout: layout.pipeline, compute: { module, entryPoint: 'main' }, label: pass.key }, group: layout.group };
  }

  private layout(outputs: number, inputs: number): Layout {
    const key = `${outputs} ${inputs}`;
    let layout = this.layouts.get(key);
    if (layout === undefined) {
      const visibility = COMPUTE_STAGE;
      const uniform: GPUBufferBindingLayout = { type: 'uniform', hasDynamicOffset: true, minBindingSize: WORDS * 4 };
      const entries: GPUBindGroupLayoutEntry[] = [{ binding: 0, visibility, buffer: uniform }];
      for (let k = 0; k < outputs + inputs; k++)
        entries.push({ binding: k + 1, visibility, buffer: { type: k < outputs ? 'storage' : 'read-only-storage' } });
      const group = this.device.createBindGroupLayout({ entries });
      layout = { group, pipeline: this.device.createPipelineLayout({ bindGroupLayouts: [group] }) };
      this.layouts.set(key, layout);
    }
    return layout;
  }
}

/** Equal for passes with the same shader. */
function keyOf({ key, outputs, aligned, baked = false, parameters = {} }: Pass, { shared, wide }: Binding): string {
  const constants = baked ? ` ${Object.values(parameters).join(' ')}` : '';
  return `${key} ${outputs.length} ${shared.map((k) => k ?? '-').join('')} ${aligned?.join('') ?? ''} ${wide}${constants}`;
}

function refusal(kernel: string, { message }: GPUError): BackendError {
  const line = message.split('\n').find((text) => /error/i.test(text)) ?? message.split('\n')[0]!;
  return new BackendError(`webgpu: the shader of ${kernel} does not compile on this device: ${line.trim().slice(0, 300)}`);
}
