// A network as data; every contestant builds it with its own library.

/** `[height, width, channels]`. */
export type ImageShape = readonly [height: number, width: number, channels: number];

export interface Conv {
  readonly op: 'conv';
  readonly name: string;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros added on every side. */
  readonly padding: number;
  readonly bias: boolean;
  /** 1, or as many as channels: then each channel has a filter of its own. */
  readonly groups: number;
}

interface BatchNorm {
  readonly op: 'batchNorm';
  readonly name: string;
  readonly epsilon: number;
}

interface MaxPool {
  readonly op: 'maxPool';
  readonly window: number;
  readonly stride: number;
  readonly padding: number;
  /** How many rows and columns the last windows may reach beyond that, below and on the right: 0 or 1. */
  readonly over: number;
}

interface AvgPool {
  readonly op: 'avgPool';
  readonly window: number;
  readonly stride: number;
}

/** A dense layer. It flattens an image row by row, channels last; `image` is its shape, for libraries with another order of axes. */
interface Dense {
  readonly op: 'dense';
  readonly name: string;
  readonly units: number;
  readonly image?: ImageShape;
}

/** The shortcut without parameters (He et al. 2016, option A): every `stride`-th pixel, and zeros for the added channels. */
interface Subsample {
  readonly op: 'subsample';
  readonly stride: number;
  readonly channels: number;
}

/** The sum of two branches from the same input; a branch without steps is the identity. */
interface Residual {
  readonly op: 'residual';
  readonly body: readonly Step[];
  readonly shortcut: readonly Step[];
}

/** The channels of several branches from the same input, side by side; a branch without steps is the identity. */
interface Concat {
  readonly op: 'concat';
  readonly branches: readonly (readonly Step[])[];
}

export type Step =
  Conv | BatchNorm | { readonly op: 'relu' | 'relu6' | 'globalAvgPool' } | MaxPool | AvgPool | Dense | Subsample | Residual | Concat;

export interface Network {
  readonly name: string;
  /** Shape of one example. */
  readonly input: readonly number[];
  readonly steps: readonly Step[];
}

/** One array of a network's weights. Mean and variance are those that inference normalises with; they are not trained. */
export interface Weight {
  readonly name: string;
  readonly role: 'kernel' | 'bias' | 'scale' | 'offset' | 'mean' | 'variance';
  /** A convolution's kernel is `[height, width, channels, filters]`, a dense layer's `[inputs, units]`. */
  readonly shape: readonly number[];
}

export interface Survey {
  /** In the order of the steps. */
  readonly weights: readonly Weight[];
  /** Floating-point operations of convolutions and dense layers in one example's forward pass; a multiply-add counts as two. */
  readonly flops: number;
  /** Shape of the output. */
  readonly output: readonly number[];
}

/** Length of the output axis when a window slides over an axis. */
export function slid(length: number, window: number, stride: number, padding: number): number {
  return Math.floor((length + 2 * padding - window) / stride) + 1;
}

/** Walks through a network with the shape of one example; gives its weights, operations and output shape. */
export function survey(network: Network): Survey {
  const weights: Weight[] = [];
  let flops = 0;

  const through = (steps: readonly Step[], input: readonly number[]): readonly number[] =>
    steps.reduce((shape, step) => after(step, shape), input);

  const after = (step: Step, shape: readonly number[]): readonly number[] => {
    const [height, width, channels] = shape as ImageShape;
    switch (step.op) {
      case 'conv': {
        const { name, filters, kernel, stride, padding, groups } = step;
        const next: ImageShape = [slid(height, kernel, stride, padding), slid(width, kernel, stride, padding), filters];
        weights.push({ name: `${name}/kernel`, role: 'kernel', shape: [kernel, kernel, channels / groups, filters] });
        if (step.bias) weights.push({ name: `${name}/bias`, role: 'bias', shape: [filters] });
        flops += (2 * size(next) * kernel * kernel * channels) / groups;
        return next;
      }
      case 'batchNorm':
        for (const role of ['scale', 'offset', 'mean', 'variance'] as const) {
          weights.push({ name: `${step.name}/${role}`, role, shape: [shape.at(-1)!] });
        }
        return shape;
      case 'maxPool': {
        const { window, stride, padding, over } = step;
        return [slid(height + over, window, stride, padding), slid(width + over, window, stride, padding), channels];
      }
      case 'avgPool': {
        const { window, stride } = step;
        return [slid(height, window, stride, 0), slid(width, window, stride, 0), channels];
      }
      case 'globalAvgPool':
        return [channels];
      case 'dense': {
        const inputs = size(shape);
        weights.push({ name: `${step.name}/kernel`, role: 'kernel', shape: [inputs, step.units] });
        weights.push({ name: `${step.name}/bias`, role: 'bias', shape: [step.units] });
        flops += 2 * inputs * step.units;
        return [step.units];
      }
      case 'subsample':
        return [slid(height, 1, step.stride, 0), slid(width, 1, step.stride, 0), step.channels];
      case 'residual': {
        const body = through(step.body, shape);
        const shortcut = through(step.shortcut, shape);
        if (String(body) !== String(shortcut))
          throw new Error(`${network.name}: a residual adds [${body.join()}] and [${shortcut.join()}]`);
        return body;
      }
      case 'concat': {
        const shapes = step.branches.map((branch) => through(branch, shape));
        if (new Set(shapes.map(([rows, columns]) => `${rows},${columns}`)).size > 1)
          throw new Error(`${network.name}: branches of ${shapes.map((one) => `[${one.join()}]`).join(' and ')} do not stand side by side`);
        return [...shapes[0]!.slice(0, 2), shapes.reduce((sum, [, , own]) => sum + own!, 0)];
      }
      case 'relu':
      case 'relu6':
        return shape;
    }
  };

  const output = through(network.steps, network.input);
  return { weights, flops, output };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
