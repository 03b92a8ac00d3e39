// Blocks that branch: several paths see one input, and what they give is joined.

import type { LayerCall, Seed, Shape, ShapesOf, Tensor } from '@sinapse/core';
import { Context, SinapseError, checkValue, randomKey, scope, shown } from '@sinapse/core';
import { checkInput, checkInputShape } from './build.ts';
import type { Container, Wiring } from './graph/wiring.ts';
import { Wires } from './graph/wiring.ts';
import type { AnyLayer, Layer } from './layer.ts';
import { callChild, located } from './layer.ts';
import type { MergeOption } from './merge/by-name.ts';
import { MERGE, resolveMerge } from './merge/by-name.ts';
import type { MergeLayer } from './merge/merge.ts';
import type { SequentialEntry } from './names.ts';
import { checkName, named } from './names.ts';
import { printsAsModel } from './print.ts';
import { Sequential } from './sequential.ts';

/** Layers one after another, as `sequential` takes them; an empty list passes the input on. */
export type Branch = readonly SequentialEntry[];

/** The name of what joins the branches. */
const MERGE_NAME = 'merge';

export class Branches implements Layer, Container {
  readonly type = 'branches';
  /** The branches by name, in the order in which they are joined. */
  readonly branches: ReadonlyMap<string, Sequential>;
  readonly merge: MergeOption;
  private readonly joining: MergeLayer;

  constructor(branches: readonly (readonly [string, Branch])[], merge: MergeOption) {
    this.branches = new Map(branches.map(([name, branch]) => [name, new Sequential([...named(`branches: ${name}`, branch)])]));
    this.merge = merge;
    this.joining = resolveMerge(this.type, merge);
  }

  /** @param inputShape what every branch takes, without the batch axis */
  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const key = randomKey(seed);
    const shapes = [...this.branches].map(([name, branch]) => located(name, () => branch.build(inputShape, key.fold(name))));
    return located(MERGE_NAME, () => this.joining.build(shapes as ShapesOf<readonly Tensor[]>, key.fold(MERGE_NAME)));
  }

  /**
   * merge(branch₁(x), branch₂(x), …).
   * @param x `[batch, …]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    let left = this.branches.size;
    return scope(() => {
      const results: Tensor[] = [];
      for (const [name, branch] of this.branches) {
        const isLast = --left === 0 && !results.includes(x); // a branch may pass x itself on
        const run = (part: Sequential, inside: Context): Tensor => {
          if (isLast && context.isHandedOver(x, this)) inside.handOver(x, part);
          return part.call(x, inside);
        };
        results.push(callChild(name, branch, x, context, run));
      }
      return callChild(MERGE_NAME, this.joining, results, context);
    });
  }

  children(): [string, AnyLayer][] {
    return [...this.branches, [MERGE_NAME, this.joining]];
  }

  wiring(): Wiring {
    const wires = new Wires();
    const values = [...this.branches].map(([name, branch]) => wires.add(name, branch, 0));
    return wires.done(wires.add(MERGE_NAME, this.joining, values));
  }

  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): Branches {
    const branches = [...this.branches].map(([name, branch]) => [name, entriesOf(change(name, branch) as Layer)] as const);
    const joining = change(MERGE_NAME, this.joining) as MergeLayer;
    return new Branches(branches, joining === this.joining ? this.merge : joining);
  }

  describe(): LayerCall {
    const branches = Object.fromEntries([...this.branches].map(([name, branch]) => [name, [...branch.layers]]));
    return { layer: this.type, arguments: [branches, this.merge] };
  }
}

printsAsModel(Branches, 'Branches');

/** The layers of a branch; one that was replaced as a whole is a branch of one layer. */
function entriesOf(branch: Layer): Branch {
  return branch instanceof Sequential ? [...branch.layers] : [branch];
}

/**
 * A block whose branches see the same input, such as the Inception module of GoogLeNet:
 * `branches([[conv2d({ … })], [conv2d({ … }), conv2d({ … })], [maxPool2d({ … }), conv2d({ … })]])` joins the channels of all three. Szegedy et al.
 * 2015, "Going deeper with convolutions", figure 2.
 * @param given lists of layers, called `branch1`, `branch2`, …, or an object that names them
 * @param merge how what they give is joined. Default `concatenate`
 * @throws SinapseError when there is no branch, an entry is not a layer, or the merge is not known
 */
export function branches(given: readonly Branch[] | Readonly<Record<string, Branch>>, merge: MergeOption = 'concatenate'): Branches {
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0)
    throw new SinapseError(`branches: expected a list of branches, each a list of layers, got ${shown(given)}`);
  checkValue('branches: merge', merge, MERGE);
  const entries = Array.isArray(given)
    ? given.map((branch, i): [string, Branch] => [`branch${i + 1}`, branch as Branch])
    : Object.entries(given);
  for (const [name, branch] of entries) {
    checkName('branches', name);
    if (name === MERGE_NAME) throw new SinapseError(`branches: ${MERGE_NAME} is the name of what joins the branches`);
    if (!Array.isArray(branch)) throw new SinapseError(`branches: ${name}: expected a list of layers, got ${shown(branch)}`);
  }
  return new Branches(entries, merge);
}
