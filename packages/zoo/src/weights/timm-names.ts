// timm's names of tensors, where they differ from torchvision's: https://github.com/huggingface/pytorch-image-models. Networks that timm took over from
// torchvision (residual networks, DenseNets, Inception v3) have the same names in both.

import type { StoredCell } from './stored-cell.ts';

/** Turns torchvision's name of a tensor into timm's. */
type Rename = (torchvision: string) => string;

/** Parts of names and what stands in their place, in the order in which they are replaced. */
type Replacements = readonly (readonly [from: RegExp, to: string])[];

const same: Rename = (name) => name;

const replacing =
  (replacements: Replacements): Rename =>
  (name) =>
    replacements.reduce((text, [from, to]) => text.replace(from, to), name);

const VIT: Replacements = [
  [/^conv_proj\./, 'patch_embed.proj.'],
  [/^class_token$/, 'cls_token'],
  [/^encoder\.pos_embedding$/, 'pos_embed'],
  [/^encoder\.layers\.encoder_layer_(\d+)\./, 'blocks.$1.'],
  [/\.ln_(\d)\./, '.norm$1.'],
  [/self_attention\.in_proj_/, 'attn.qkv.'],
  [/self_attention\.out_proj\./, 'attn.proj.'],
  [/mlp\.0\./, 'mlp.fc1.'],
  [/mlp\.3\./, 'mlp.fc2.'],
  [/^encoder\.ln\./, 'norm.'],
  [/^heads\.head\./, 'head.'],
];

/** What stands before and behind the blocks of MobileNets and EfficientNets. */
const STEM: Replacements = [
  [/^features\.0\.0\./, 'conv_stem.'],
  [/^features\.0\.1\./, 'bn1.'],
  [/^classifier\.1\./, 'classifier.'],
];

/** The convolution behind the blocks, the n-th of torchvision's features. */
const head = (n: number, conv = 'conv_head', norm = 'bn2'): Replacements => [
  [new RegExp(String.raw`^features\.${n}\.0\.`), `${conv}.`],
  [new RegExp(String.raw`^features\.${n}\.1\.`), `${norm}.`],
];

/** The classifier of MobileNetV3 has a hidden layer, which timm writes as a convolution of 1 by 1. */
const HIDDEN: Replacements = [
  [/^classifier\.0\./, 'conv_head.'],
  [/^classifier\.3\./, 'classifier.'],
];

const RENAMES: Readonly<Record<string, Rename>> = {
  ...Object.fromEntries(
    ['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152', 'resnext50', 'densenet121', 'densenet169', 'densenet201'].map((name) => [
      name,
      same,
    ]),
  ),
  vittiny: replacing(VIT),
  vitsmall: replacing(VIT),
  mobilenetv2: inverted([1, 2, 3, 4, 3, 3, 1], /^features\.(\d+)\.conv\.(.+)$/, [...STEM, ...head(18)]),
  mobilenetv3large: inverted([1, 2, 3, 4, 2, 3], /^features\.(\d+)\.block\.(.+)$/, [...STEM, ...head(16, 'blocks.6.0.conv', 'blocks.6.0.bn1'), ...HIDDEN]), // prettier-ignore
  mobilenetv3small: inverted([1, 2, 3, 2, 3], /^features\.(\d+)\.block\.(.+)$/, [...STEM, ...head(12, 'blocks.5.0.conv', 'blocks.5.0.bn1'), ...HIDDEN]), // prettier-ignore
  efficientnetb0: inverted([], /^features\.(\d\.\d)\.block\.(.+)$/, [...STEM, ...head(8)]),
};

/** The models of the zoo whose names in timm are known. */
export const timmModels: readonly string[] = Object.keys(RENAMES);

/** A cell with its name in timm. @param model of the zoo, among `timmModels` */
export function asTimm(model: string, cell: StoredCell): StoredCell {
  const name = RENAMES[model]!(cell.name);
  const isConvolution = name === 'conv_head.weight' && cell.shape.length === 2;
  return { ...cell, name, shape: isConvolution ? [...cell.shape, 1, 1] : cell.shape };
}

/**
 * Networks of inverted residuals. timm counts blocks by stages.
 * @param stages the number of blocks of each stage
 * @param block finds the number of a block, and what follows it, in torchvision's name
 * @param outside replacements in all other names
 */
function inverted(stages: readonly number[], block: RegExp, outside: Replacements): Rename {
  return (name) => {
    const [, number, rest] = block.exec(name) ?? [];
    if (number === undefined || rest === undefined) return replacing(outside)(name);
    const [stage, inStage] = placeOf(number, stages);
    return `blocks.${stage}.${inStage}.${inBlock(rest, stage === 0)}`;
  };
}

/** The stage of a block, and its number there: `3.1` says both, `5` is counted through all stages. */
function placeOf(block: string, stages: readonly number[]): readonly [stage: number, inStage: number] {
  const [first = 0, second] = block.split('.').map(Number);
  if (second !== undefined) return [first - 1, second];
  let [stage, number] = [0, first - 1];
  while (number >= stages[stage]!) number -= stages[stage++]!;
  return [stage, number];
}

/**
 * A tensor of a block. A block expands (the first one does not), convolves each channel, may squeeze and excite, and projects.
 * @param rest `1.0.weight`: the first of the modules at place 1, a convolution; the second is its normalisation. `fc1` and `fc2` squeeze and excite
 */
function inBlock(rest: string, first: boolean): string {
  const parts = rest.split('.');
  const tensor = parts.pop()!;
  const [at, member] = parts as [string, string | undefined];
  if (member === 'fc1') return `se.conv_reduce.${tensor}`;
  if (member === 'fc2') return `se.conv_expand.${tensor}`;
  const projection = first ? 1 : 2;
  // MobileNetV2 has the two modules of the projection at places of their own.
  const place = Math.min(Number(at), projection);
  const isNorm = member === undefined ? Number(at) > projection : member === '1';
  const conv = ['conv_pw', 'conv_dw', first ? 'conv_pw' : 'conv_pwl'][place + (first ? 1 : 0)]!;
  return `${isNorm ? `bn${place + 1}` : conv}.${tensor}`;
}
