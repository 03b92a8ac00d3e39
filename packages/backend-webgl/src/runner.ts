// Runs passes: each draws a triangle over the part of its outputs' textures that holds values.

import type { Spec, View } from '@sinapse/core';
import { specOf } from '@sinapse/core';
import type { Parameters, Pass, ShaderDevice } from '@sinapse/shaders';
import type { Widths } from './layout.ts';
import { widthOf } from './layout.ts';
import type { Memory, TextureStorage } from './memory.ts';
import type { Programs } from './programs.ts';

export class Runner implements ShaderDevice {
  readonly maxOutputs = 4;
  readonly maxInputs: number;
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: Memory;
  private readonly programs: Programs;
  private readonly framebuffer: WebGLFramebuffer;
  /** How many textures the framebuffer has. */
  private attached = 0;

  constructor(gl: WebGL2RenderingContext, memory: Memory, programs: Programs) {
    this.gl = gl;
    this.memory = memory;
    this.programs = programs;
    this.maxInputs = gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number;
    this.framebuffer = gl.createFramebuffer();
  }

  aligned(): boolean {
    return true; // views have no offsets
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
    const { gl } = this;
    const { outputs, inputs, parameters = {}, scalars = {}, baked = false } = pass;
    const own = ownParameters(pass);
    if (own._size === 0) return;
    const { program, words } = this.programs.of(pass, own, widthsOf(pass));
    gl.useProgram(program);
    if (words !== null) gl.uniform4uiv(words, wordsOf({ ...own, ...(baked ? {} : parameters), ...scalars }));
    // A texture cannot be read and written in one pass: an output that takes over an input's storage gets another texture.
    const targets = outputs.map((output) => {
      const storage = storageOf(output);
      return inputs.some((input) => input.storage === storage) ? this.memory.alike(storage) : storage;
    });
    // After the targets, because making a texture binds it.
    inputs.forEach((view, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, storageOf(view).texture);
    });
    this.target(targets, own._size);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    targets.forEach((target, k) => {
      const storage = storageOf(outputs[k]!);
      if (target === storage) return;
      [storage.texture, target.texture] = [target.texture, storage.texture];
      this.memory.release(target);
    });
  }

  /** Begins to compile a pass; returns a key for `Programs.ready`. */
  begin(pass: Pass): string {
    return this.programs.begin(pass, ownParameters(pass), widthsOf(pass));
  }

  /** Makes textures the targets of drawing, or the sources of reading. */
  target(storages: readonly TextureStorage[], size: number): void {
    const { gl } = this;
    const texels = Math.ceil(size / 4);
    const { width } = storages[0]!;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    for (let k = 0; k < Math.max(storages.length, this.attached); k++)
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + k, gl.TEXTURE_2D, storages[k]?.texture ?? null, 0);
    if (storages.length !== this.attached) gl.drawBuffers(storages.map((_, k) => gl.COLOR_ATTACHMENT0 + k));
    this.attached = storages.length;
    gl.viewport(0, 0, Math.min(texels, width), Math.ceil(texels / width));
  }
}

/** The parameters that every pass has besides its own. */
function ownParameters({ outputs }: Pass): { readonly _size: number } {
  return { _size: outputs[0]!.size };
}

/** The widths of a pass's textures. Outputs of one size have one width; a storage that is yet to be made will have that of its size. */
function widthsOf({ outputs, inputs }: Pass): Widths {
  const of = ({ storage, size }: View): number => (storage as Partial<TextureStorage>).width ?? widthOf(Math.ceil(size / 4));
  const [output] = outputs.map(of) as [number];
  if (outputs.some((view) => of(view) !== output)) throw new Error('the outputs of a pass have textures of different widths');
  return { output, inputs: inputs.map(of) };
}

/** Parameters as a uniform: whole vectors of four words. */
function wordsOf(parameters: Parameters): Uint32Array {
  const numbers = Object.values(parameters);
  const words = new Uint32Array(Math.ceil(numbers.length / 4) * 4);
  words.set(numbers);
  return words;
}

/** @throws BackendError when the storage was released or belongs to another backend */
export function storageOf(view: View): TextureStorage {
  const storage = view.storage as TextureStorage;
  storage.assertLive();
  return storage;
}
