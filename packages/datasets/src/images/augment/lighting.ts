import { SinapseError, check, checkOptions } from '@sinapse/core';
import type { OptionChecks } from '@sinapse/core';
import type { RawImages } from '../preprocessing.ts';
import { byte } from './picture.ts';
import type { Transform } from './picture.ts';

/** The principal components of colours, of values 0 to 1. */
export interface ColourComponents {
  /** Variances along the components, the largest first. */
  readonly eigenvalues: readonly [number, number, number];
  /** Row i is component i, in red, green and blue, of length 1. */
  readonly eigenvectors: readonly (readonly [number, number, number])[];
}

/** Those of ImageNet's training images, as in the public code of fb.resnet.torch and others. */
export const IMAGENET_COLOURS: ColourComponents = {
  eigenvalues: [0.2175, 0.0188, 0.0045],
  eigenvectors: [
    [-0.5675, -0.5808, -0.5836],
    [0.7192, -0.0045, -0.6948],
    [0.4009, -0.814, 0.4203],
  ],
};

export interface LightingOptions {
  /** Standard deviation of the weight of each component. @default 0.1 */
  readonly deviation?: number;
  /** @default those of ImageNet; `colourComponents` computes those of a set */
  readonly components?: ColourComponents;
}

const LIGHTING: OptionChecks<LightingOptions> = {
  deviation: check.notNegative,
  components: {
    expected: 'components of colours, { eigenvalues, eigenvectors }',
    accepts: (value) => {
      const { eigenvalues, eigenvectors } = (value ?? {}) as Partial<ColourComponents>;
      const three = (list: unknown): boolean => Array.isArray(list) && list.length === 3 && list.every(Number.isFinite);
      return three(eigenvalues) && Array.isArray(eigenvectors) && eigenvectors.length === 3 && eigenvectors.every(three);
    },
  },
};

/**
 * Changes the light of images (Krizhevsky et al. 2012, section 4.1): to every pixel of an image the same colour is added, the principal components
 * of the set's colours, each times its eigenvalue and a random number of normal distribution. Grey images stay as they are.
 * @throws SinapseError when an option is out of range
 */
export function pcaLighting(options: LightingOptions = {}): Transform {
  checkOptions('pcaLighting', options, LIGHTING);
  const { deviation = 0.1, components = IMAGENET_COLOURS } = options;
  const { eigenvalues, eigenvectors } = components;
  return (picture, random) => {
    const amounts = eigenvalues.map((value) => value * deviation * random.normal());
    if (picture.channels !== 3) return picture;
    const shift = [0, 1, 2].map((channel) => 255 * amounts.reduce((sum, amount, i) => sum + amount * eigenvectors[i]![channel]!, 0));
    const { data } = picture;
    const out = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i += 3) for (let channel = 0; channel < 3; channel++) out[i + channel] = byte(data[i + channel]! + shift[channel]!); // prettier-ignore
    return { ...picture, data: out };
  };
}

/**
 * The principal components of the colours of a set's pixels: eigenvalues and eigenvectors of their 3 x 3 covariance, by Jacobi's rotations.
 * @throws SinapseError unless the images have three channels
 */
export function colourComponents(set: RawImages): ColourComponents {
  if (typeof set !== 'object' || set === null || set.channels !== 3 || !check.bytes.accepts(set.images))
    throw new SinapseError('colourComponents: expected images with three channels');
  const { images } = set;
  const count = images.length / 3;
  const sums = new Float64Array(3);
  const products = new Float64Array(9);
  for (let i = 0; i < images.length; i += 3)
    for (let a = 0; a < 3; a++) {
      sums[a]! += images[i + a]!;
      for (let b = a; b < 3; b++) products[3 * a + b]! += images[i + a]! * images[i + b]!; // exact: integers below 2^53
    }
  const matrix = Array.from(
    { length: 3 },
    (_, a) =>
    Array.from({ length: 3 }, (__, b) => (products[3 * Math.min(a, b) + Math.max(a, b)]! / count - (sums[a]! / count) * (sums[b]! / count)) / 255 ** 2), // prettier-ignore
  );
  const vectors = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
  for (let sweep = 0; sweep < 30; sweep++) for (const [p, q] of [[0, 1], [0, 2], [1, 2]] as const) rotate(matrix, vectors, p, q); // prettier-ignore
  const order = [0, 1, 2].sort((a, b) => matrix[b]![b]! - matrix[a]![a]!);
  return {
    eigenvalues: order.map((i) => Math.max(0, matrix[i]![i]!)) as [number, number, number],
    eigenvectors: order.map((i) => vectors.map((row) => row[i]!) as [number, number, number]),
  };
}

/** One of Jacobi's rotations: it makes element (p, q) zero (Golub, Van Loan, section 8.5). */
function rotate(matrix: number[][], vectors: number[][], p: number, q: number): void {
  const off = matrix[p]![q]!;
  if (off === 0) return;
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const rows of [matrix, vectors])
    for (const row of rows) {
      const [a, b] = [row[p]!, row[q]!];
      row[p] = c * a - s * b;
      row[q] = s * a + c * b;
    }
  for (let k = 0; k < 3; k++) {
    const [a, b] = [matrix[p]![k]!, matrix[q]![k]!];
    matrix[p]![k] = c * a - s * b;
    matrix[q]![k] = s * a + c * b;
  }
}
