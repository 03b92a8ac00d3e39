// What the page "train" can be set to. Plain data: it goes to the worker, and as text into the address.

export const dataNames = ['digits', 'xor', 'spirals', 'files'] as const;
export type DataName = (typeof dataNames)[number];

export const networkNames = ['lenet5', 'lenet5-1998', 'resnet20', 'own', 'file'] as const;
type NetworkName = (typeof networkNames)[number];

export const activations = ['relu', 'tanh', 'sigmoid', 'leakyRelu', 'elu', 'gelu', 'linear'] as const;
type ActivationName = (typeof activations)[number];

export const optimizers = ['adam', 'adamW', 'nadam', 'radam', 'rmsProp', 'adaGrad', 'sgd', 'momentum', 'nesterov', 'lion'] as const;
type OptimizerName = (typeof optimizers)[number];

/** A layer of one's own network. */
export type LayerSpec =
  | { readonly kind: 'conv2d'; readonly filters: number; readonly kernelSize: number; readonly activation: ActivationName }
  | { readonly kind: 'maxPool2d'; readonly size: number }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'dense'; readonly units: number; readonly activation: ActivationName }
  | { readonly kind: 'dropout'; readonly rate: number };

export type LayerKind = LayerSpec['kind'];

export interface TrainSettings {
  readonly data: DataName;
  readonly network: NetworkName;
  /** The layers of one's own network before its last, which gives one score for each class. */
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Decides the data, the initial weights and the order of the examples. */
  readonly seed: number;
}

/** Whether a data set holds points of the plane, and not images. */
export const isPlane = (data: DataName): boolean => data === 'xor' || data === 'spirals';

export const newLayers: Readonly<Record<LayerKind, LayerSpec>> = {
  conv2d: { kind: 'conv2d', filters: 8, kernelSize: 3, activation: 'relu' },
  maxPool2d: { kind: 'maxPool2d', size: 2 },
  flatten: { kind: 'flatten' },
  dense: { kind: 'dense', units: 32, activation: 'relu' },
  dropout: { kind: 'dropout', rate: 0.5 },
};

const xorLayers: readonly LayerSpec[] = [
  { kind: 'dense', units: 8, activation: 'tanh' },
  { kind: 'dense', units: 8, activation: 'tanh' },
];

/** Each arm winds once around the other, which takes more lines to separate. */
const spiralLayers: readonly LayerSpec[] = Array.from({ length: 3 }, () => ({ kind: 'dense', units: 16, activation: 'relu' }));

const imageLayers: readonly LayerSpec[] = [newLayers.conv2d, newLayers.maxPool2d, newLayers.flatten, newLayers.dense];

/** Settings with which each data set is learnt in seconds. */
export function defaultsFor(data: DataName): TrainSettings {
  return isPlane(data)
    ? {
        data,
        network: 'own',
        layers: data === 'xor' ? xorLayers : spiralLayers,
        optimizer: 'adam',
        learningRate: 0.01,
        batchSize: 32,
        epochs: 100,
        seed: 1,
      }
    : { data, network: 'lenet5', layers: imageLayers, optimizer: 'adam', learningRate: 0.002, batchSize: 32, epochs: 5, seed: 1 };
}

/** Layers as text: `conv2d.8.3.relu-maxPool2d.2-flatten-dense.32.relu`. */
export function layersToText(layers: readonly LayerSpec[]): string {
  return layers.map((layer) => Object.values(layer).join('.')).join('-');
}

/** Layers from text, which may come from anywhere; undefined unless all of it can be read. */
export function layersFromText(text: string): readonly LayerSpec[] | undefined {
  if (text === '') return [];
  const layers = text.split('-', MOST_LAYERS + 1).map(layerFromText);
  return layers.length <= MOST_LAYERS && layers.every((layer) => layer !== undefined) ? layers : undefined;
}

/** The most layers of one's own network. */
export const MOST_LAYERS = 12;

/** The largest number of filters or units, kernel and window. */
export const LIMITS = { filters: 64, units: 512, kernelSize: 11, size: 4 } as const;

function layerFromText(text: string): LayerSpec | undefined {
  const [kind, first = '', second = '', third = ''] = text.split('.');
  const count = (value: string, most: number) => (/^\d{1,4}$/.test(value) && +value >= 1 && +value <= most ? +value : undefined);
  const activation = (value: string) => activations.find((name) => name === value);
  if (kind === 'flatten') return { kind };
  if (kind === 'maxPool2d') {
    const size = count(first, LIMITS.size);
    return size === undefined ? undefined : { kind, size };
  }
  if (kind === 'conv2d') {
    const [filters, kernelSize, then] = [count(first, LIMITS.filters), count(second, LIMITS.kernelSize), activation(third)];
    return filters === undefined || kernelSize === undefined || then === undefined
      ? undefined
      : { kind, filters, kernelSize, activation: then };
  }
  if (kind === 'dense') {
    const [units, then] = [count(first, LIMITS.units), activation(second)];
    return units === undefined || then === undefined ? undefined : { kind, units, activation: then };
  }
  if (kind === 'dropout') {
    const rate = Number(`${first}.${second || 0}`); // the point of a decimal fraction separates, too
    return rate >= 0 && rate < 1 ? { kind, rate } : undefined;
  }
  return undefined;
}

/** Settings as parts of an address; what is as in `defaultsFor` is left out. */
export function settingsToQuery(settings: TrainSettings): Record<string, string | undefined> {
  const usual = defaultsFor(settings.data);
  const unless = (value: string, other: string) => (value === other ? undefined : value);
  return {
    data: settings.data === 'files' ? undefined : unless(settings.data, 'digits'),
    net: settings.network === 'file' ? undefined : unless(settings.network, usual.network),
    layers: settings.network === 'own' ? unless(layersToText(settings.layers), layersToText(usual.layers)) : undefined,
    opt: unless(settings.optimizer, usual.optimizer),
    lr: unless(String(settings.learningRate), String(usual.learningRate)),
    batch: unless(String(settings.batchSize), String(usual.batchSize)),
    epochs: unless(String(settings.epochs), String(usual.epochs)),
    seed: unless(String(settings.seed), String(usual.seed)),
  };
}

/** Settings from an address, which may come from anywhere: what is missing or wrong is as in `defaultsFor`. */
export function settingsFromQuery(query: URLSearchParams): TrainSettings {
  const oneOf = <T extends string>(name: string, allowed: readonly T[]) => allowed.find((value) => value === query.get(name));
  const within = (name: string, least: number, most: number, whole = true) => {
    const value = Number(query.get(name) ?? NaN);
    return value >= least && value <= most && (!whole || Number.isInteger(value)) ? value : undefined;
  };
  const usual = defaultsFor(oneOf('data', ['digits', 'xor', 'spirals']) ?? 'digits');
  const network = oneOf('net', isPlane(usual.data) ? ['own'] : ['lenet5', 'lenet5-1998', 'resnet20', 'own']);
  return {
    data: usual.data,
    network: network ?? usual.network,
    layers: layersFromText(query.get('layers') ?? '-') ?? usual.layers,
    optimizer: oneOf('opt', optimizers) ?? usual.optimizer,
    learningRate: within('lr', 1e-6, 100, false) ?? usual.learningRate,
    batchSize: within('batch', 1, 512) ?? usual.batchSize,
    epochs: within('epochs', 1, 1000) ?? usual.epochs,
    seed: within('seed', 0, 999_999) ?? usual.seed,
  };
}
