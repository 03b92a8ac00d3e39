// Regions of like pixels: Felzenszwalb, Huttenlocher 2004, "Efficient graph-based image segmentation".

import type { HostImage } from './image.ts';

export interface Segmentation {
  /** The number of each pixel's region, row by row. */
  readonly regions: Int32Array;
  readonly count: number;
}

/**
 * Joins neighbouring pixels, the most alike first, unless their colours differ more than the colours within their regions do.
 * @param scale how large regions become: the paper's k, for colours from 0 to 1
 * @param smallest regions of fewer pixels are joined with a neighbour
 */
export function segment(image: HostImage, scale: number, smallest: number): Segmentation {
  const [height, width] = image.shape;
  const edges = edgesOf(image);
  const parent = Int32Array.from({ length: height * width }, (_, i) => i);
  const sizes = new Int32Array(height * width).fill(1);
  const internal = new Float64Array(height * width); // the largest difference within the region of a root

  const rootOf = (pixel: number): number => {
    let root = pixel;
    while (parent[root]! !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  const join = (a: number, b: number, difference: number): void => {
    const [from, to] = sizes[a]! < sizes[b]! ? [a, b] : [b, a];
    parent[from] = to;
    sizes[to]! += sizes[from]!;
    internal[to] = difference;
  };

  const { order, differences, from, to } = edges;
  for (const edge of order) {
    const [a, b] = [rootOf(from[edge]!), rootOf(to[edge]!)];
    const difference = differences[edge]!;
    // MInt of eq. 4, with the threshold τ(C) = k / |C| of eq. 5.
    const tolerated = Math.min(internal[a]! + scale / sizes[a]!, internal[b]! + scale / sizes[b]!);
    if (a !== b && difference <= tolerated) join(a, b, difference);
  }
  for (const edge of order) {
    const [a, b] = [rootOf(from[edge]!), rootOf(to[edge]!)];
    if (a !== b && Math.min(sizes[a]!, sizes[b]!) < smallest) join(a, b, differences[edge]!);
  }
  const numbers = new Map<number, number>();
  const regions = Int32Array.from(parent, (_, pixel) => {
    const root = rootOf(pixel);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
  return { regions, count: numbers.size };
}

/** The pairs of pixels that touch, also at a corner, and how far their colours are apart. */
function edgesOf({ data, shape: [height, width, channels] }: HostImage): {
  from: Int32Array;
  to: Int32Array;
  differences: Float64Array;
  order: Uint32Array;
} {
  const steps = [[0, 1], [1, -1], [1, 0], [1, 1]] as const; // prettier-ignore
  const [from, to, differences]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (const [down, right] of steps) {
        if (row + down >= height || column + right >= width || column + right < 0) continue;
        const [a, b] = [row * width + column, (row + down) * width + column + right];
        let square = 0;
        for (let channel = 0; channel < channels; channel++) square += (data[a * channels + channel]! - data[b * channels + channel]!) ** 2;
        from.push(a);
        to.push(b);
        differences.push(Math.sqrt(square));
      }
  const order = Uint32Array.from(from.keys()).sort((i, j) => differences[i]! - differences[j]! || i - j);
  return { from: Int32Array.from(from), to: Int32Array.from(to), differences: Float64Array.from(differences), order };
}
