// Runs passes: records them in a command encoder, with their parameters in a ring of uniforms, and submits many at once.

import type { Spec, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Parameters, Pass, ShaderDevice } from '@sinapse/shaders';
import { COMPUTE_STAGE, USAGE } from './flags.ts';
import type { Buffer, Memory } from './memory.ts';
import { GROUPS, moduleOf, THREADS, WORDS } from './print.ts';

/** Calls whose parameters the ring holds; then what was recorded is submitted. */
const CALLS = 1024;

/** Bind groups kept for reuse. */
const MOST_GROUPS = 4096;

interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

export class Runner implements ShaderDevice {
  readonly maxOutputs = 4;
  readonly maxInputs: number;
  memory!: Memory;
  private readonly device: GPUDevice;
  private readonly ring: GPUBuffer;
  private readonly words = new Uint32Array(CALLS * WORDS);
  private readonly layouts = new Map<string, Layout>();
  private readonly pipelines = new Map<string, GPUComputePipeline>();
  private groups = new Map<string, GPUBindGroup>();
  private readonly numbers = new WeakMap<GPUBuffer, number>();
  private nextNumber = 0;
  private call = 0;
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  /** The buffers that recorded commands use. */
  private readonly used = new Set<GPUBuffer>();

  constructor(device: GPUDevice) {
    this.device = device;
    this.maxInputs = device.limits.maxStorageBuffersPerShaderStage - this.maxOutputs;
    this.ring = device.createBuffer({ size: this.words.byteLength, usage: USAGE.UNIFORM | USAGE.COPY_DST });
  }

  aligned(view: View): boolean {
    return view.offset % 4 === 0;
  }

  scratch<T>(spec: Spec, body: (view: View) => T): T {
    const storage = this.memory.allocate(spec);
    try {
      return body({ ...specOf(spec.dtype, spec.shape), storage, offset: 0 });
    } finally {
      this.memory.release(storage);
    }
  }

  run(pass: Pass): void {
    const { outputs, inputs, parameters = {} } = pass;
    const size = outputs[0]!.size;
    if (size === 0) return;
    const own: Record<string, number> = { _size: size };
    outputs.forEach((view, k) => (own[`_y${k}`] = view.offset));
    inputs.forEach((view, k) => (own[`_x${k}`] = view.offset));
    const shared = inputs.map(({ storage }) => {
      const k = outputs.findIndex((output) => output.storage === storage);
      return k < 0 ? undefined : k;
    });
    const bound = [...outputs, ...inputs.filter((_, k) => shared[k] === undefined)].map((view) => bufferOf(view));
    if (this.call === CALLS) this.submit();
    this.writeParameters(pass.baked === true ? own : { ...own, ...parameters });
    const layout = this.layout(outputs.length, bound.length - outputs.length);
    const pipeline = this.pipeline(pass, own, shared, layout);
    this.encoder ??= this.device.createCommandEncoder();
    this.pass ??= this.encoder.beginComputePass();
    this.pass.setPipeline(pipeline);
    this.pass.setBindGroup(0, this.group(bound, outputs.length, layout), [this.call * WORDS * 4]);
    const groups = Math.ceil((pass.unit === 'texel' ? Math.ceil(size / 4) : size) / THREADS);
    this.pass.dispatchWorkgroups(Math.min(groups, GROUPS), Math.ceil(groups / GROUPS));
    for (const buffer of bound) this.used.add(buffer);
    this.call++;
  }

  /** Copies words of buffers, in order with the passes. */
  copy(from: GPUBuffer, fromByte: number, to: GPUBuffer, toByte: number, bytes: number): void {
    this.pass?.end();
    this.pass = undefined;
    this.encoder ??= this.device.createCommandEncoder();
    this.encoder.copyBufferToBuffer(from, fromByte, to, toByte, bytes);
    this.used.add(from).add(to);
  }

  /** Writes to a buffer after everything recorded that uses it. */
  write(buffer: GPUBuffer, byte: number, data: Uint32Array<ArrayBuffer>): void {
    if (this.used.has(buffer)) this.submit();
    this.device.queue.writeBuffer(buffer, byte, data);
  }

  /** Hands everything recorded to the device. */
  submit(): void {
    this.pass?.end();
    this.pass = undefined;
    if (this.encoder === undefined) return;
    this.device.queue.writeBuffer(this.ring, 0, this.words, 0, this.call * WORDS);
    this.device.queue.submit([this.encoder.finish()]);
    this.encoder = undefined;
    this.call = 0;
    this.used.clear();
  }

  private writeParameters(parameters: Parameters): void {
    let at = this.call * WORDS;
    const end = at + WORDS;
    for (const name in parameters) {
      if (at === end) throw new Error(`a pass has more than ${WORDS} parameters`);
      this.words[at++] = parameters[name]!;
    }
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

  private pipeline(pass: Pass, own: Parameters, shared: readonly (number | undefined)[], layout: Layout): GPUComputePipeline {
    const constants = pass.baked === true ? ` ${Object.values(pass.parameters ?? {}).join(' ')}` : '';
    const key = `${pass.key} ${pass.outputs.length} ${shared.map((k) => k ?? '-').join('')} ${pass.aligned?.join('') ?? ''}${constants}`;
    let pipeline = this.pipelines.get(key);
    if (pipeline === undefined) {
      const module = this.device.createShaderModule({ code: moduleOf(pass, own, shared), label: pass.key });
      pipeline = this.device.createComputePipeline({ layout: layout.pipeline, compute: { module, entryPoint: 'main' }, label: pass.key });
      this.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  private group(buffers: readonly GPUBuffer[], outputs: number, layout: Layout): GPUBindGroup {
    const key = `${outputs} ${buffers.map((buffer) => this.numberOf(buffer)).join(' ')}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      if (this.groups.size === MOST_GROUPS) this.groups = new Map();
      const entries = buffers.map((buffer, k): GPUBindGroupEntry => ({ binding: k + 1, resource: { buffer } }));
      group = this.device.createBindGroup({
        layout: layout.group,
        entries: [{ binding: 0, resource: { buffer: this.ring, size: WORDS * 4 } }, ...entries],
      });
      this.groups.set(key, group);
    }
    return group;
  }

  private numberOf(buffer: GPUBuffer): number {
    let number = this.numbers.get(buffer);
    if (number === undefined) this.numbers.set(buffer, (number = this.nextNumber++));
    return number;
  }
}

function bufferOf(view: View): GPUBuffer {
  const storage = view.storage as Buffer;
  storage.assertLive();
  return storage.buffer;
}
