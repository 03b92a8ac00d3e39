// The public surface of @sinapse/shaders: what the backends for WebGL and WebGPU share.

export { libraryFor } from './functions/library.ts';
export { GLSL_PRELUDE } from './language/to-glsl.ts';
export { toWgsl, WGSL_PRELUDE } from './language/to-wgsl.ts';
export { withConstants, withWords } from './language/parameters.ts';
export { withShifts } from './language/shifts.ts';
export { shaderKernels } from './kernels.ts';
export { statementsOf } from './kernels/elementwise.ts';
export { passesOn } from './prepare.ts';
export type { Kernels, Parameters, Pass, ShaderDevice } from './pass.ts';
export { floatBits, wordOf } from './words.ts';
