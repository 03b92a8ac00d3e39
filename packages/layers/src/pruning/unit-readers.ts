// Where the units of a layer go: which layers read them, and at which places. Only where every reader can do without a unit may it be removed.

import type { LayerCall, Shape } from '@sinapse/core';
import { SinapseError, quote, shownName, suggestion } from '@sinapse/core';
import type { ActivationOption } from '../activation-option.ts';
import type { LeafCall, LeafCalls } from '../graph/leaf-calls.ts';
import { valuesIn } from '../graph/wiring.ts';
import type { AnyLayer, Layer } from '../layer.ts';

/** A layer with units that can be removed, and that can do without some of its inputs: the units are the last axis of its kernel, the inputs the one before. */
interface UnitLayer extends Layer {
  readonly activation: ActivationOption;
  describe(): LayerCall;
}

const UNIT_LAYERS: ReadonlySet<string> = new Set(['dense', 'conv1d', 'conv2d', 'conv3d', 'convNorm']);

/** A layer that reads units. */
export interface Reader {
  readonly path: string;
  readonly layer: AnyLayer;
  /** How many places each unit has among its inputs: several behind `flatten`. The place p of unit u is p · units + u. */
  readonly places: number;
}

export interface Units {
  readonly layer: UnitLayer;
  readonly count: number;
  /** Layers between that have parameters for each unit: batchNorm. */
  readonly norms: readonly Reader[];
  /** Layers whose kernels have a row for each place of a unit. */
  readonly readers: readonly Reader[];
}

/** Layers without parameters that treat every value by itself. */
const BY_VALUE: ReadonlySet<string> = new Set(['dropout', 'alphaDropout', 'gaussianDropout', 'gaussianNoise', 'activityRegularization']);

const OF_EACH_DIMENSION = ['maxPool', 'avgPool', 'globalMaxPool', 'globalAvgPool', 'adaptiveMaxPool', 'adaptiveAvgPool', 'upSampling', 'zeroPadding', 'cropping', 'spatialDropout']; // prettier-ignore

/** Layers without parameters that treat every channel by itself. */
const BY_CHANNEL: ReadonlySet<string> = new Set([1, 2, 3].flatMap((d) => OF_EACH_DIMENSION.map((name) => `${name}${d}d`)));

function isUnitLayer(layer: AnyLayer): layer is AnyLayer & UnitLayer {
  if (!UNIT_LAYERS.has(layer.type)) return false;
  const [{ groups = 1 }] = layer.describe!().arguments as [{ readonly groups?: number }];
  return groups === 1;
}

/**
 * The readers of a layer's units.
 * @param shapes of all values
 * @throws SinapseError when there is no such layer, or something reads its units that cannot do without one
 */
export function unitsOf(owner: string, plan: LeafCalls, shapes: readonly Shape[], path: string): Units {
  const own = plan.calls.filter((call) => call.path === path);
  const [first] = own;
  const named = plan.calls.filter(({ layer }) => isUnitLayer(layer)).map((call) => call.path);
  if (first === undefined) throw new SinapseError(`${owner}: nothing is called ${quote(path)}; ${suggestion(path, named.map(shownName))}`);
  const { layer } = first;
  if (!isUnitLayer(layer))
    throw new SinapseError(
      `${owner}: ${shownName(path)} is ${layer.type}; units of dense, conv1d to conv3d and convNorm without groups can be removed`,
    );
  checkByChannel(owner, path, layer.activation);

  const count = shapes[valuesIn(first.to)[0]!]!.at(-1)!;
  /** For each value that consists of the units, the number of places of each. */
  const places = new Map<number, number>(own.flatMap(({ to }) => valuesIn(to)).map((value) => [value, 1]));
  const [norms, readers] = [new Map<AnyLayer, Reader>(), new Map<AnyLayer, Reader>()];
  const refuse = (call: LeafCall): never => {
    throw new SinapseError(
      `${owner}: the units of ${shownName(path)} are read by ${shownName(call.path)} (${call.layer.type}), which needs all of them`,
    );
  };
  for (const call of plan.calls) {
    const [value] = valuesIn(call.from);
    const taken = valuesIn(call.from).some((each) => places.has(each));
    if (!taken) continue;
    const each = typeof call.from === 'number' ? places.get(value!) : undefined;
    const known = norms.get(call.layer) ?? readers.get(call.layer);
    if (each === undefined || (known !== undefined && known.places !== each)) return refuse(call);
    const reader = { path: call.path, layer: call.layer, places: each };
    const passOn = (factor = 1): void => {
      for (const given of valuesIn(call.to)) places.set(given, each * factor);
    };
    const { type } = call.layer;
    if (isUnitLayer(call.layer) && (type === 'dense' || each === 1) && call.layer !== layer) readers.set(call.layer, reader);
    else if (BY_VALUE.has(type) || (BY_CHANNEL.has(type) && each === 1)) passOn();
    else if (type === 'flatten' && each === 1) passOn(shapes[valuesIn(call.to)[0]!]![0]! / count);
    else if (type === 'activation' || (type === 'batchNorm' && each === 1)) {
      checkByChannel(owner, call.path, (call.layer as unknown as { readonly activation: ActivationOption }).activation);
      if (type === 'batchNorm') norms.set(call.layer, reader);
      passOn();
    } else return refuse(call);
  }
  for (const call of plan.calls)
    if ((norms.has(call.layer) || readers.has(call.layer)) && !places.has(valuesIn(call.from)[0]!)) refuse(call); // elsewhere it reads something else
  if (valuesIn(plan.outputs).some((value) => places.has(value)))
    throw new SinapseError(`${owner}: the units of ${shownName(path)} are what the model gives; none of them can be removed`);
  return { layer, count, norms: [...norms.values()], readers: [...readers.values()] };
}

/** An activation that works along the channels, or may do so, mixes units. */
function checkByChannel(owner: string, path: string, activation: ActivationOption): void {
  const name = typeof activation === 'object' ? activation.name : activation;
  if (typeof name === 'function' || name === 'softmax' || name === 'logSoftmax' || name === 'maxout')
    throw new SinapseError(`${owner}: ${shownName(path)} has ${typeof name === 'function' ? 'an activation of your own' : `the activation ${name}`}, which may need all units`); // prettier-ignore
}
