// The recurrent networks of @sinapse/recurrent with the given weights.

import type { Tensor } from '@sinapse/core';
import { Context, inference, parametersOf, slice, tensor, valueAndGrad } from '@sinapse/core';
import { adam } from '@sinapse/optimizers';
import type { Recurrent } from '@sinapse/recurrent';
import { gru, lstm, simpleRnn } from '@sinapse/recurrent';
import type { RecurrentNetwork, SequenceStepsTask, SequenceTrainingTask } from '../problem/task.ts';
import type { Arrays } from '../process/serve.ts';

const LAYERS = { rnn: simpleRnn, lstm, gru };

function layerOf({ cell, inputs, units }: RecurrentNetwork, arrays: Arrays): Recurrent {
  const layer = LAYERS[cell]({ units, returnSequences: true });
  layer.build([1, inputs]);
  for (const { path, cell: parameter } of parametersOf(layer)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const values = arrays.get(name);
    if (values === undefined) throw new Error(`the benchmark has no weights for ${path} of @sinapse/recurrent`);
    const value = tensor(values, { shape: parameter.shape });
    parameter.assign(value);
    value.dispose();
  }
  return layer;
}

/** Makes a function that does one training step, on the whole batch or the checked part, and returns its loss. */
export function sequenceTrainer(task: SequenceTrainingTask, arrays: Arrays, checked: boolean): () => Tensor {
  const { network } = task;
  const [batch, time, suffix] = checked ? [task.checkBatch, task.checkTime, 'Check'] : [task.batch, task.time, ''];
  const { name: _, ...options } = task.optimizer;
  const layer = layerOf(network, arrays);
  const parameters = parametersOf(layer).map(({ cell }) => cell);
  const optimizer = adam(options);
  const context = new Context({ training: true });
  const x = tensor(arrays.get(`x${suffix}`)!, { shape: [batch, time, network.inputs] });
  const target = tensor(arrays.get(`target${suffix}`)!, { shape: [batch, time, network.units] });
  return () => {
    const { value, gradients } = valueAndGrad(() => layer.call(x, context).sub(target).square().mean(), parameters);
    optimizer.step(parameters, gradients);
    context.commit();
    return value;
  };
}

/** Makes a function that reads a sequence step by step and returns the last state. */
export function sequenceSteps({ network, time }: SequenceStepsTask, arrays: Arrays): () => Tensor {
  const { cell } = layerOf(network, arrays);
  const context = new Context();
  const x = tensor(arrays.get('x')!, { shape: [time, 1, network.inputs] });
  return () =>
    inference(() => {
      let state = cell.initialState(1);
      for (let t = 0; t < time; t++) ({ state } = cell.step(slice(x, [t]), state, context));
      return state[0]!;
    });
}
