// The list of kernels: for each, the kernels of tfjs that it calls, and how it is made. A derived kernel is left out, and core lowers it, where
// tfjs lacks one of these or its result would break what the backend promises.

import type { Attrs, Conv2dGeometry, Inputs, Kernel, KernelName, KernelTable, Spec } from '@sinapse/core';
import { BackendError } from '@sinapse/core';
import type { Device } from '../device.ts';
import type { Profile } from '../profile.ts';
import { biasActivationGradKernel, biasActivationKernel } from './activation.ts';
import { BINARY, binaryKernel, binaryScalarKernel } from './binary.ts';
import { castKernel, fillKernel } from './convert.ts';
import { conv2dFilterGradKernel, conv2dInputGradKernel, conv2dKernel } from './convolution.ts';
import { elementwiseKernel, MOST_INPUTS } from './elementwise.ts';
import {
  broadcastToKernel,
  concatKernel,
  gatherKernel,
  padKernel,
  scatterAddKernel,
  selectKernel,
  sliceKernel,
  transposeKernel,
} from './movement.ts';
import { avgPool2dGradKernel, avgPool2dKernel, maxPool2dGradKernel, maxPool2dKernel } from './pooling.ts';
import { linearKernel, matmulKernel } from './products.ts';
import { argReduceKernel, cumulativeSumKernel, reduceKernel, REDUCTIONS } from './reductions.ts';
import { UNARY, unaryKernel } from './unary.ts';

interface Entry<K extends KernelName> {
  readonly make: (device: Device) => Kernel<K>;
  readonly calls: readonly string[];
  /** Whether tfjs is right enough for a backend of this profile; always if absent. */
  readonly suits?: (profile: Profile) => boolean;
}

/** Kernels of tfjs that many use. */
const EVERYWHERE = ['Identity', 'Reshape', 'Cast', 'Fill', 'Select', 'Tile', 'Transpose'];

const ACTIVATIONS = ['Relu', 'LeakyRelu', 'Sigmoid', 'Tanh'];

const KERNELS: { readonly [K in KernelName]?: Entry<K> } = {
  fill: { make: fillKernel, calls: EVERYWHERE },
  cast: { make: castKernel, calls: ['NotEqual', 'Greater', 'Maximum', 'Minimum'] },
  unary: { make: unaryKernel, calls: Object.values(UNARY) },
  binary: { make: binaryKernel, calls: [...Object.values(BINARY), 'FloorDiv'] },
  select: { make: selectKernel, calls: [] },
  broadcastTo: { make: broadcastToKernel, calls: [] },
  reduce: { make: reduceKernel, calls: Object.values(REDUCTIONS) },
  matmul: { make: matmulKernel, calls: ['BatchMatMul'] },
  transpose: { make: transposeKernel, calls: [] },
  slice: { make: sliceKernel, calls: ['Slice', 'StridedSlice'] },
  pad: { make: padKernel, calls: ['PadV2', 'Slice'] },
  concat: { make: concatKernel, calls: ['Concat'] },
  gather: { make: gatherKernel, calls: ['GatherV2'] },
  scatterAdd: { make: scatterAddKernel, calls: ['ScatterNd', 'Slice'] },
  elementwise: { make: elementwiseKernel, calls: [], suits: ({ shaders }) => shaders },
  binaryScalar: { make: binaryScalarKernel, calls: [] },
  argReduce: { make: argReduceKernel, calls: ['ArgMax', 'ArgMin'], suits: ({ floats }) => !floats.nan && !floats.ties },
  cumulativeSum: { make: cumulativeSumKernel, calls: ['Cumsum'] },
  biasActivation: { make: biasActivationKernel, calls: ACTIVATIONS },
  biasActivationGrad: { make: biasActivationGradKernel, calls: [] },
  linear: { make: linearKernel, calls: ['_FusedMatMul', ...ACTIVATIONS] },
  conv2d: { make: conv2dKernel, calls: ['FusedConv2D', ...ACTIVATIONS] },
  conv2dInputGrad: { make: conv2dInputGradKernel, calls: ['Conv2DBackpropInput'] },
  conv2dFilterGrad: { make: conv2dFilterGradKernel, calls: ['Conv2DBackpropFilter'] },
  maxPool2d: { make: maxPool2dKernel, calls: ['MaxPool'] },
  maxPool2dGrad: { make: maxPool2dGradKernel, calls: ['MaxPool', 'MaxPoolGrad'], suits: ({ floats }) => !floats.nan },
  avgPool2d: { make: avgPool2dKernel, calls: ['AvgPool'] },
  avgPool2dGrad: { make: avgPool2dGradKernel, calls: ['AvgPoolGrad'] },
};

const REQUIRED: readonly KernelName[] = Object.keys(KERNELS).slice(0, 14) as KernelName[];

/** @throws BackendError when tfjs lacks what a required kernel needs */
export function kernelsOn(device: Device): KernelTable {
  const { kernels } = device.profile;
  const missing = new Set(REQUIRED.flatMap((name) => KERNELS[name]!.calls).filter((call) => !device.has(call)));
  if (missing.size > 0) {
    const [first, ...others] = missing;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    throw new BackendError(
      `tfjs: no kernel ${first}${more} is registered for "${kernels}"; import the package of that backend, or name its kernels: tfjs(backend, { kernels: 'webgl' })`,
    );
  }
  const made = Object.entries(KERNELS as Readonly<Record<string, Entry<KernelName>>>)
    .filter(([, { calls, suits }]) => device.has(...calls) && (suits?.(device.profile) ?? true))
    .map(([name, { make }]) => [name, device.kernel(name, make(device) as (call: { readonly out: object }) => void)]);
  return Object.fromEntries(made) as KernelTable;
}

/** Why a call is refused, and its kernel lowered; true if it is not. */
export function acceptsCall<K extends KernelName>(profile: Profile, kernel: K, _: Inputs<K, Spec>, attrs: Attrs<K>): true | string {
  if (kernel === 'elementwise' && (attrs as Attrs<'elementwise'>).program.inputs.length > MOST_INPUTS) return 'a shader reads 16 textures';
  if (kernel === 'conv2d' || kernel === 'conv2dInputGrad' || kernel === 'conv2dFilterGrad') {
    const { groups, dilation, strides } = attrs as Conv2dGeometry;
    const dilated = dilation.some((step) => step > 1);
    if (groups > 1) return 'tfjs has no convolution in groups';
    if (dilated && kernel !== 'conv2d') return 'tfjs has no gradient of a dilated convolution';
    if (dilated && strides.some((step) => step > 1)) return 'tfjs dilates only convolutions of stride 1';
  }
  if (kernel === 'avgPool2d' || kernel === 'avgPool2dGrad') {
    const { padding, includePadding } = attrs as Attrs<'avgPool2d'>;
    const partial = !includePadding && padding.some((width) => width > 0);
    if (partial && (kernel === 'avgPool2dGrad' || !profile.anyPadding)) return 'tfjs counts a border that is no part of the image';
  }
  return true;
}
