// Runs passes: records them in a command encoder, with their parameters in a ring of uniforms, and submits many at once.

import type { Spec, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Parameters, Pass, ShaderDevice } from '@sinapse/shaders';
import { USAGE } from './flags.ts';
import type { Buffer, Memory } from './memory.ts';
import type { Pipelines } from './pipelines.ts';
import { bindingOf, groupsOf, WORDS } from './print.ts';

/** Passes after which what was recorded is submitted, so that the device is at work while more is recorded; the ring holds their parameters. */
const CALLS = 64;

/** Bind groups kept for reuse. */
const MOST_GROUPS = 4096;

export class Runner implements ShaderDevice {
  readonly maxOutputs = 4;
  readonly maxInputs: number;
  readonly workgroups: boolean;
  memory!: Memory;
  /** The kernel whose passes run, for messages. */
  kernel = '';
  private readonly device: GPUDevice;
  private readonly pipelines: Pipelines;
  private readonly ring: GPUBuffer;
  private readonly words = new Uint32Array(CALLS * WORDS);
  private groups = new Map<string, GPUBindGroup>();
  private readonly numbers = new WeakMap<GPUBuffer, number>();
  private nextNumber = 0;
  private call = 0;
  private encoder: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;
  /** Where the passes that are being timed write their timestamps. */
  private queries: GPUQuerySet | undefined;
  /** Whether a pass that is being timed has begun. */
  private begun = false;
  /** The buffers that recorded commands use. */
  private readonly used = new Set<GPUBuffer>();

  /** @param workgroups whether the memory of workgroups is worth using */
  constructor(device: GPUDevice, pipelines: Pipelines, workgroups: boolean) {
    this.device = device;
    this.pipelines = pipelines;
    this.workgroups = workgroups;
    this.maxInputs = device.limits.maxStorageBuffersPerShaderStage - this.maxOutputs;
    this.ring = device.createBuffer({ size: this.words.byteLength, usage: USAGE.UNIFORM | USAGE.COPY_DST });
  }

  /** Bytes of the ring. */
  get bytes(): number {
    return this.words.byteLength;
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
    const { outputs, inputs, parameters = {}, scalars = {}, baked = false } = pass;
    if (outputs[0]!.size === 0) return;
    const own = ownParameters(pass);
    const binding = bindingOf(pass);
    const bound = [...outputs, ...inputs.filter((_, k) => binding.shared[k] === undefined)].map((view) => bufferOf(view));
    if (this.call === CALLS) this.submit();
    this.writeParameters({ ...own, ...(baked ? {} : parameters), ...scalars });
    const { pipeline, group } = this.pipelines.of(pass, own, binding, this.kernel);
    const encoder = this.begin();
    encoder.setPipeline(pipeline);
    encoder.setBindGroup(0, this.group(bound, outputs.length, group), [this.call * WORDS * 4]);
    encoder.dispatchWorkgroups(...groupsOf(pass));
    for (const buffer of bound) this.used.add(buffer);
    this.call++;
  }

  /** Compiles a pass ahead. */
  prepare(pass: Pass): Promise<void> {
    return this.pipelines.prepare(pass, ownParameters(pass), bindingOf(pass));
  }

  /** Issues passes between two timestamps; returns whether there were any. */
  timed(queries: GPUQuerySet, issue: () => void): boolean {
    this.end();
    this.queries = queries;
    this.begun = false;
    try {
      issue();
      return this.begun;
    } finally {
      this.end();
      this.queries = undefined;
    }
  }

  /** Writes the two timestamps to a buffer. */
  resolve(queries: GPUQuerySet, to: GPUBuffer): void {
    this.end();
    this.encoder ??= this.device.createCommandEncoder();
    this.encoder.resolveQuerySet(queries, 0, 2, to, 0);
  }

  /** Copies words of buffers, in order with the passes. */
  copy(from: GPUBuffer, fromByte: number, to: GPUBuffer, toByte: number, bytes: number): void {
    this.end();
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
    this.end();
    if (this.encoder === undefined) return;
    this.device.queue.writeBuffer(this.ring, 0, this.words, 0, this.call * WORDS);
    this.device.queue.submit([this.encoder.finish()]);
    this.encoder = undefined;
    this.call = 0;
    this.used.clear();
  }

  /** The compute pass that records. */
  private begin(): GPUComputePassEncoder {
    if (this.pass === undefined) {
      this.encoder ??= this.device.createCommandEncoder();
      const { queries } = this;
      // The first of the timed passes writes when it begins; the last word about the end is that of the last.
      const timestampWrites = queries && {
        querySet: queries,
        ...(this.begun ? {} : { beginningOfPassWriteIndex: 0 }),
        endOfPassWriteIndex: 1,
      };
      this.pass = this.encoder.beginComputePass(timestampWrites === undefined ? {} : { timestampWrites });
      this.begun = true;
    }
    return this.pass;
  }

  private end(): void {
    this.pass?.end();
    this.pass = undefined;
  }

  private writeParameters(parameters: Parameters): void {
    let at = this.call * WORDS;
    const end = at + WORDS;
    for (const name in parameters) {
      if (at === end) throw new Error(`a pass has more than ${WORDS} parameters`);
      this.words[at++] = parameters[name]!;
    }
  }

  private group(buffers: readonly GPUBuffer[], outputs: number, layout: GPUBindGroupLayout): GPUBindGroup {
    const key = `${outputs} ${buffers.map((buffer) => this.numberOf(buffer)).join(' ')}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      if (this.groups.size === MOST_GROUPS) this.groups = new Map();
      const entries = buffers.map((buffer, k): GPUBindGroupEntry => ({ binding: k + 1, resource: { buffer } }));
      group = this.device.createBindGroup({
        layout,
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

/** The parameters that every pass has besides its own. */
function ownParameters({ outputs, inputs }: Pass): Parameters {
  const own: Record<string, number> = { _size: outputs[0]!.size };
  outputs.forEach((view, k) => (own[`_y${k}`] = view.offset));
  inputs.forEach((view, k) => (own[`_x${k}`] = view.offset));
  return own;
}

function bufferOf(view: View): GPUBuffer {
  const storage = view.storage as Buffer;
  storage.assertLive();
  return storage.buffer;
}
