// The option `merge` of blocks that branch: the name of a layer that merges, or such a layer.

import type { Check } from '@sinapse/core';
import { knownName } from '@sinapse/core';
import { isLayer } from '../layer.ts';
import { add } from './add.ts';
import { average } from './average.ts';
import { concatenate } from './concatenate.ts';
import { maximum } from './maximum.ts';
import type { MergeLayer } from './merge.ts';
import { multiply } from './multiply.ts';

/** The layers that merge, by name. */
export type MergeName = 'concatenate' | 'add' | 'multiply' | 'average' | 'maximum';

const MERGES: Readonly<Record<MergeName, () => MergeLayer>> = { concatenate, add, multiply, average, maximum };

/** How branches are joined: the name of a merge with its default options, or a layer that takes a list of tensors. */
export type MergeOption = MergeName | MergeLayer;

/** The check of the option. */
export const MERGE: Check = {
  expected: 'concatenate, add, multiply, average, maximum, or a layer that takes a list of tensors',
  accepts: (value) => typeof value === 'string' || isLayer(value),
};

/** @throws SinapseError when there is no merge of that name */
export function resolveMerge(owner: string, option: MergeOption): MergeLayer {
  if (typeof option !== 'string') return option;
  return MERGES[knownName(`${owner}: merge`, option, Object.keys(MERGES) as MergeName[])]();
}
