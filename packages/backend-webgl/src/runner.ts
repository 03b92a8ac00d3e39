// Runs passes: each draws a triangle over the part of its outputs' textures that holds values.

import type { Spec, View } from '@sinapse/core';
import { BackendError, specOf } from '@sinapse/core';
import type { Pass, ShaderDevice } from '@sinapse/shaders';
import type { Memory, TextureStorage } from './memory.ts';
import { fragmentShaderOf, VERTEX_SHADER } from './print.ts';

interface CompiledPass {
  readonly program: WebGLProgram;
  readonly words: WebGLUniformLocation | null;
}

export class Runner implements ShaderDevice {
  readonly maxOutputs = 4;
  readonly maxInputs: number;
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: Memory;
  private readonly vertexShader: WebGLShader;
  private readonly framebuffer: WebGLFramebuffer;
  private readonly compiled = new Map<string, CompiledPass>();

  constructor(gl: WebGL2RenderingContext, memory: Memory) {
    this.gl = gl;
    this.memory = memory;
    this.maxInputs = gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number;
    this.vertexShader = this.shader(gl.VERTEX_SHADER, VERTEX_SHADER);
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
    const { outputs, inputs, parameters = {}, baked = false } = pass;
    const { size } = outputs[0]!;
    if (size === 0) return;
    const own = { _size: size };
    const { program, words } = this.compile(pass, own);
    gl.useProgram(program);
    if (words !== null) {
      const numbers = [size, ...(baked ? [] : Object.values(parameters))];
      const padded = new Uint32Array(Math.ceil(numbers.length / 4) * 4);
      padded.set(numbers);
      gl.uniform4uiv(words, padded);
    }
    inputs.forEach((view, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, textureOf(view));
    });
    // A texture cannot be read and written in one pass: an output that takes over an input's storage gets another texture.
    const targets = outputs.map((output) => {
      const target = storageOf(output);
      return inputs.some(({ storage }) => storage === target) ? this.memory.allocate(output) : target;
    });
    this.target(targets, size);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    targets.forEach((target, k) => {
      const output = storageOf(outputs[k]!);
      if (target === output) return;
      [output.texture, target.texture] = [target.texture, output.texture];
      this.memory.release(target);
    });
  }

  /** Makes textures the targets of drawing, or the sources of reading. */
  target(storages: readonly TextureStorage[], size: number): void {
    const { gl } = this;
    const { width } = this.memory;
    const texels = Math.ceil(size / 4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    for (let k = 0; k < this.maxOutputs; k++)
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + k, gl.TEXTURE_2D, storages[k]?.texture ?? null, 0);
    gl.drawBuffers(storages.map((_, k) => gl.COLOR_ATTACHMENT0 + k));
    gl.viewport(0, 0, Math.min(texels, width), Math.ceil(texels / width));
  }

  private compile(pass: Pass, own: { readonly _size: number }): CompiledPass {
    const constants = pass.baked === true ? ` ${Object.values(pass.parameters ?? {}).join(' ')}` : '';
    const key = `${pass.key}${constants}`;
    let compiled = this.compiled.get(key);
    if (compiled === undefined) {
      const { gl } = this;
      const program = gl.createProgram();
      const fragmentShader = this.shader(gl.FRAGMENT_SHADER, fragmentShaderOf(pass, own, this.memory.width));
      gl.attachShader(program, this.vertexShader);
      gl.attachShader(program, fragmentShader);
      gl.linkProgram(program);
      if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
        const log = gl.getShaderInfoLog(fragmentShader) || gl.getProgramInfoLog(program) || 'no reason given';
        throw new BackendError(`webgl: the shader of ${pass.key.split(' ')[0]} does not compile: ${log.split('\n')[0]}`);
      }
      gl.useProgram(program);
      pass.inputs.forEach((_, unit) => gl.uniform1i(gl.getUniformLocation(program, `t${unit}`), unit));
      compiled = { program, words: gl.getUniformLocation(program, 'p') };
      this.compiled.set(key, compiled);
    }
    return compiled;
  }

  private shader(type: number, source: string): WebGLShader {
    const shader = this.gl.createShader(type)!;
    this.gl.shaderSource(shader, source);
    this.gl.compileShader(shader);
    return shader;
  }
}

export function storageOf(view: View): TextureStorage {
  const storage = view.storage as TextureStorage;
  storage.assertLive();
  return storage;
}

function textureOf(view: View): WebGLTexture {
  return storageOf(view).texture;
}
