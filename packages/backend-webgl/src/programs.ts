// The compiled programs of passes, by what their code depends on.

import { BackendError } from '@sinapse/core';
import type { Parameters, Pass } from '@sinapse/shaders';
import { until } from './fences.ts';
import type { Widths } from './layout.ts';
import type { Loss } from './loss.ts';
import { fragmentShaderOf, VERTEX_SHADER } from './print.ts';

/** A program, and where its uniform words go; null when it reads none. */
export interface CompiledPass {
  readonly program: WebGLProgram;
  readonly words: WebGLUniformLocation | null;
}

interface StartedPass {
  readonly program: WebGLProgram;
  readonly fragmentShader: WebGLShader;
  readonly key: string;
  readonly inputs: number;
  compiled: CompiledPass | undefined;
}

export class Programs {
  private readonly gl: WebGL2RenderingContext;
  private readonly vertexShader: WebGLShader;
  private readonly parallel: { readonly COMPLETION_STATUS_KHR: GLenum } | null;
  private readonly started = new Map<string, StartedPass>();

  constructor(gl: WebGL2RenderingContext) {
    this.gl = gl;
    this.vertexShader = this.shader(gl.VERTEX_SHADER, VERTEX_SHADER);
    this.parallel = gl.getExtension('KHR_parallel_shader_compile');
  }

  /**
   * The program of a pass, compiled at its first use.
   * @param own what the runner adds to the pass's parameters
   * @throws BackendError with the compiler's first complaint
   */
  of(pass: Pass, own: Parameters, widths: Widths): CompiledPass {
    const started = this.start(pass, own, widths);
    return (started.compiled ??= this.finish(started));
  }

  /** Begins to compile a pass; returns a key for `ready`. */
  begin(pass: Pass, own: Parameters, widths: Widths): string {
    this.start(pass, own, widths);
    return keyOf(pass, widths);
  }

  /** Resolves when passes that were begun are compiled. A shader that does not compile is left for its first call to tell of. */
  async ready(keys: readonly string[], loss: Loss): Promise<void> {
    const { gl, parallel } = this;
    for (const key of keys) {
      const { program } = this.started.get(key)!;
      if (parallel !== null) await until(loss, () => gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR) !== false);
      else gl.getProgramParameter(program, gl.LINK_STATUS); // waits
    }
  }

  private start(pass: Pass, own: Parameters, widths: Widths): StartedPass {
    const key = keyOf(pass, widths);
    let started = this.started.get(key);
    if (started === undefined) {
      const { gl } = this;
      const program = gl.createProgram();
      const fragmentShader = this.shader(gl.FRAGMENT_SHADER, fragmentShaderOf(pass, own, widths));
      gl.attachShader(program, this.vertexShader);
      gl.attachShader(program, fragmentShader);
      gl.linkProgram(program);
      started = { program, fragmentShader, key: pass.key, inputs: pass.inputs.length, compiled: undefined };
      this.started.set(key, started);
    }
    return started;
  }

  private finish({ program, fragmentShader, key, inputs }: StartedPass): CompiledPass {
    const { gl } = this;
    if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
      const log = gl.getShaderInfoLog(fragmentShader) || gl.getProgramInfoLog(program) || 'the driver gives no reason';
      throw new BackendError(`webgl: the shader of ${key.split(' ')[0]} does not compile on this device: ${log.split('\n')[0]}`);
    }
    gl.useProgram(program);
    for (let unit = 0; unit < inputs; unit++) gl.uniform1i(gl.getUniformLocation(program, `t${unit}`), unit);
    return { program, words: gl.getUniformLocation(program, 'p') };
  }

  private shader(type: number, source: string): WebGLShader {
    const shader = this.gl.createShader(type)!; // null only on a lost context, which takes null everywhere
    this.gl.shaderSource(shader, source);
    this.gl.compileShader(shader);
    return shader;
  }
}

/** Equal for passes with the same shader. */
function keyOf({ key, baked = false, parameters = {} }: Pass, { output, inputs }: Widths): string {
  const constants = baked ? ` ${Object.values(parameters).join(' ')}` : '';
  return `${key} ${output} ${inputs.join(' ')}${constants}`;
}
