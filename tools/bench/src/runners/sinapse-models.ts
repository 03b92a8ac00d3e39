// The networks in Sinapse: the zoo's models with the benchmark's weights.

import type { Model, Parameter, State, Tensor } from '@sinapse/core';
import { Context, parametersOf, statesOf, tensor, valueAndGrad } from '@sinapse/core';
import type { Layer } from '@sinapse/layers';
import { dense, sequential } from '@sinapse/layers';
import { softmaxCrossEntropy } from '@sinapse/layers/losses';
import { adam, sgd } from '@sinapse/optimizers';
import { createModel } from '@sinapse/zoo';
import type { Network } from '../networks/network.ts';
import { survey } from '../networks/network.ts';
import type { OptimizerChoice, TrainingTask } from '../problem/task.ts';
import type { Arrays } from '../process/serve.ts';

type Cells = readonly { readonly path: string; readonly cell: Parameter | State }[];

/** Builds a network and assigns its weights. */
export function modelOf(network: Network, arrays: Arrays, training: boolean): { model: Model; context: Context } {
  const model = unbuilt(network);
  model.build(network.input, 1);
  const { weights } = survey(network);
  const isMoment = (role: string): boolean => role === 'mean' || role === 'variance';
  const assign = (cells: Cells, names: readonly { name: string; shape: readonly number[] }[]): void => {
    if (cells.length !== names.length) {
      throw new Error(`${network.name} has ${cells.length} parameters in @sinapse/zoo, ${names.length} in the benchmark`);
    }
    names.forEach(({ name, shape }, i) => {
      const { path, cell } = cells[i]!;
      if (String(cell.shape) !== String(shape))
        throw new Error(`${path} of @sinapse/zoo is [${cell.shape.join()}], the benchmark's ${name} [${shape.join()}]`);
      const value = tensor(arrays.get(name)!, { shape });
      cell.assign(value);
      value.dispose();
    });
  };
  assign(parametersOf(model), weights.filter(({ role }) => !isMoment(role))); // prettier-ignore
  assign(statesOf(model), weights.filter(({ role }) => isMoment(role))); // prettier-ignore
  return { model, context: new Context({ training }) };
}

function unbuilt({ name }: Network): Layer {
  if (name === 'mlp') return sequential([dense({ units: 128, activation: 'relu' }), dense({ units: 10 })]);
  return createModel(name).model;
}

/** Makes a function that does one step on the first `examples` of the batch, and returns its loss. */
export function trainerOf({ network, optimizer: choice, batch }: TrainingTask, arrays: Arrays, examples: number): () => Tensor {
  const { model, context } = modelOf(network, arrays, true);
  const optimizer = optimizerOf(choice);
  const parameters = parametersOf(model).map(({ cell }) => cell);
  const pixels = arrays.get('x')!;
  const x = tensor(pixels.slice(0, (pixels.length / batch) * examples), { shape: [examples, ...network.input] });
  const labels = tensor(arrays.get('labels')!.slice(0, examples), { shape: [examples] });
  return () => {
    const { value, gradients } = valueAndGrad(() => softmaxCrossEntropy(model.call(x, context), labels), parameters);
    optimizer.step(parameters, gradients);
    context.commit();
    return value;
  };
}

function optimizerOf(choice: OptimizerChoice): ReturnType<typeof adam> {
  const { name: _, ...options } = choice;
  return choice.name === 'adam' ? adam(options) : sgd(options);
}
