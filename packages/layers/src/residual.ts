// Residual blocks: the result of layers is added to their input, which makes networks of a hundred layers trainable.

import type { LayerCall, OptionChecks, Seed, Shape, Tensor } from '@sinapse/core';
import {
  Context,
  ShapeError,
  SinapseError,
  add,
  biasActivation,
  checkOptions,
  formatShape,
  ownedByScope,
  randomKey,
  sameShape,
  scope,
} from '@sinapse/core';
import type { ActivationOption, ResolvedActivation } from './activation-option.ts';
import { ACTIVATION, resolveActivation } from './activation-option.ts';
import { checkInput, checkInputShape } from './build.ts';
import { activation as activationLayer } from './activation.ts';
import type { Container, Wiring } from './graph/wiring.ts';
import { Wires } from './graph/wiring.ts';
import type { AnyLayer, FusingLayer, Layer } from './layer.ts';
import { callChild, isLayer, located } from './layer.ts';
import { add as addLayer } from './merge/add.ts';
import type { SequentialEntry } from './names.ts';
import { freeName } from './names.ts';
import { printsAsModel } from './print.ts';
import { Sequential } from './sequential.ts';

export interface ResidualOptions {
  /**
   * The layer whose result is added in place of the input when shapes differ: a projection (`convNorm({ filters, kernelSize: 1, strides
   * })`) or `identityShortcut`.
   */
  readonly shortcut?: Layer;
  /** The activation of the sum. Default `linear`. */
  readonly activation?: ActivationOption;
}

const RESIDUAL: OptionChecks<ResidualOptions> = { shortcut: { expected: 'a layer', accepts: isLayer }, activation: ACTIVATION };

export class Residual implements Layer, Container {
  readonly type = 'residual';
  readonly activation: ActivationOption;
  readonly shortcut: Layer | undefined;
  /** The branch without its last layer. */
  private readonly before: Sequential;
  private readonly lastName: string;
  private readonly last: Layer;
  private readonly resolved: ResolvedActivation;

  constructor(branch: readonly SequentialEntry[], { shortcut, activation = 'linear' }: ResidualOptions) {
    if (!Array.isArray(branch) || branch.length === 0) throw new SinapseError('residual: expected a list of at least one layer');
    const layers = [...new Sequential(branch).layers]; // names all layers of the branch
    const last = layers.pop()!;
    for (const [name, layer] of [...layers, last]) {
      if (name === 'shortcut' || layer === shortcut)
        throw new SinapseError('residual: shortcut is the name of what is added to the branch');
    }
    this.before = new Sequential(layers);
    [this.lastName, this.last] = last;
    this.shortcut = shortcut;
    this.activation = activation;
    this.resolved = resolveActivation(this.type, activation);
  }

  build(inputShape: Shape, seed: Seed = 0): Shape {
    checkInputShape(this, inputShape);
    const key = randomKey(seed);
    const build = (name: string, layer: Layer, shape: Shape): Shape => located(name, () => layer.build(shape, key.fold(name)));
    const branch = build(this.lastName, this.last, this.before.build(inputShape, seed));
    const added = this.shortcut === undefined ? inputShape : build('shortcut', this.shortcut, inputShape);
    if (!sameShape(branch, added)) {
      const what = this.shortcut === undefined ? 'the input is' : 'the shortcut gives';
      throw new ShapeError(
        `residual: the branch gives ${formatShape(branch)}, ${what} ${formatShape(added)}; a shortcut must make them equal`,
      );
    }
    return branch;
  }

  /**
   * activation(branch(x) + shortcut(x)). If the branch's last layer is a convolution or normalisation without activation, its kernel
   * computes the sum and the activation, too.
   * @param x `[batch, …]`
   */
  call(x: Tensor, context: Context = new Context()): Tensor {
    checkInput(this, x);
    const { lastName, last, resolved, shortcut } = this;
    return scope(() => {
      const z = this.before.call(x, context);
      const added = shortcut === undefined ? x : callChild('shortcut', shortcut, x, context);
      const owned = added === x ? context.isHandedOver(x, this) : ownedByScope(added);
      if (!isFusing(last))
        return resolved.after(biasActivation(add(callChild(lastName, last, z, context), added), undefined, resolved.fused));
      return callChild(lastName, last, z, context, (layer, inside) => {
        if (owned) inside.handOver(added, layer);
        return layer.callFused(z, inside, resolved, added);
      });
    });
  }

  /** The layers of the branch, and the shortcut. */
  children(): [string, Layer][] {
    const branch: [string, Layer][] = [...this.before.layers, [this.lastName, this.last]];
    return this.shortcut === undefined ? branch : [...branch, ['shortcut', this.shortcut]];
  }

  /** The sum and its activation are steps of their own. Where `call` fuses them with the last convolution, the result is the same but for rounding. */
  wiring(): Wiring {
    const wires = new Wires();
    const branch = wires.add(this.lastName, this.last, wires.chain(this.before.layers, 0));
    const added = this.shortcut === undefined ? 0 : wires.add('shortcut', this.shortcut, 0);
    const isTaken = (name: string): boolean => wires.steps.some((step) => step.name === name);
    const sum = wires.add(freeName('add', isTaken), addLayer(), [branch, added]);
    if (this.activation === 'linear') return wires.done(sum);
    return wires.done(wires.add(freeName('activation', isTaken), activationLayer(this.activation), sum));
  }

  withLayers(change: (name: string, layer: AnyLayer) => AnyLayer): Residual {
    const branch = [...this.before.layers, [this.lastName, this.last] as const];
    const { activation, shortcut } = this;
    const changed = shortcut && (change('shortcut', shortcut) as Layer);
    return new Residual(
      branch.map(([name, layer]) => [name, change(name, layer) as Layer]),
      { activation, ...(changed && { shortcut: changed }) },
    );
  }

  describe(): LayerCall {
    const { type: layer, before, lastName, last, shortcut, activation } = this;
    return { layer, arguments: [[...before.layers, [lastName, last]], { shortcut, activation }] };
  }
}

printsAsModel(Residual, 'Residual');

function isFusing(layer: Layer): layer is FusingLayer {
  if (!('callFused' in layer)) return false;
  const { activation, activityRegularizer } = layer as FusingLayer;
  return activation === 'linear' && activityRegularizer === undefined;
}

/**
 * A residual block: `residual([convNorm({ … activation: 'relu' }), convNorm({ … })], { activation: 'relu' })` is relu(F(x) + x). He, Zhang, Ren,
 * Sun 2016, "Deep residual learning for image recognition", equations 1 and 2.
 * @param branch layers one after another, as `sequential` takes them
 * @throws SinapseError when the branch is empty or an option is out of range
 */
export function residual(branch: readonly SequentialEntry[], options: ResidualOptions = {}): Residual {
  checkOptions('residual', options, RESIDUAL);
  return new Residual(branch, options);
}
