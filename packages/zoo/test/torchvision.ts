// What the scripts recorded, and the weights that they drew: `draw` computes the same numbers there and here.

import { readFileSync } from 'node:fs';
import type { Shape } from '@sinapse/core';
import { sizeOf } from '@sinapse/core';
import { values } from './recorded.ts';

/** What a network gave. */
export interface RecordedNetwork {
  readonly size: readonly [height: number, width: number];
  /** The number of tensors of the state dict, and the hash of their names and shapes. */
  readonly tensors: number;
  readonly fingerprint: number;
  /** Of two images. */
  readonly outputs: readonly (readonly number[])[];
}

interface Torchvision {
  readonly origin: string;
  readonly classes: number;
  /** The parameters of models at other widths, by the names of the zoo. */
  readonly widths: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By the names of the zoo. */
  readonly models: Readonly<Record<string, RecordedNetwork>>;
}

interface PytorchNetworks {
  readonly origin: string;
  readonly classes: number;
  readonly models: readonly (RecordedNetwork & { readonly name: string; readonly options: Readonly<Record<string, unknown>> })[];
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** What scripts/record-torchvision.py recorded. */
export const torchvision = fixture('torchvision') as Torchvision;

/** What scripts/record-pytorch-networks.py recorded. */
export const pytorchNetworks = fixture('pytorch-networks') as PytorchNetworks;

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** A hash of the names and shapes of a state dict. */
export function fingerprintOf(shapes: ReadonlyMap<string, Shape>): number {
  const names = [...shapes.keys()].sort();
  return hashOf(names.map((name) => `${name}:${shapes.get(name)!.join(',')};`).join(''));
}

/** The values of a tensor of a state dict: weights of He's variance for their inputs; scales and variances around 1, everything else around 0. */
export function draw(name: string, shape: Shape): Float32Array {
  const u = values(sizeOf(shape), hashOf(name));
  const isKernel = shape.length > 1 && name.endsWith('weight');
  const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
  const low = /(weight|running_var)$/.test(name) ? 0.5 : -0.5;
  const drawn = new Float32Array(u.length);
  for (let i = 0; i < u.length; i++) drawn[i] = isKernel ? (2 * u[i]! - 1) * bound : u[i]! + low;
  return drawn;
}
