// Recurrent networks by tfjs-layers. Its GRU applies the reset gate before the product only, which is another network.

import type { Cell, RecurrentNetwork, SequenceStepsTask, SequenceTrainingTask } from '../problem/task.ts';
import type { Arrays, Contestant } from '../process/serve.ts';
import type { RecurrentLayer, Tensor, TensorFlow } from './tfjs-types.ts';

type Work = Pick<Contestant, 'run' | 'check'>;

const GATES: Readonly<Record<Cell, number>> = { rnn: 1, lstm: 4, gru: 3 };

/** A layer with the given weights. */
function layerOf(
  tf: TensorFlow,
  { cell, inputs, units }: RecurrentNetwork,
  arrays: Arrays,
  form: { returnSequences?: boolean; returnState?: boolean },
): RecurrentLayer {
  if (cell === 'gru') throw new Error('tfjs-layers has no GRU that resets after the product');
  const gates = GATES[cell] * units;
  const layer =
    cell === 'lstm'
      ? tf.layers.lstm({ units, recurrentActivation: 'sigmoid', unitForgetBias: false, ...form })
      : tf.layers.simpleRNN({ units, ...form });
  tf.tidy(() => void layer.apply(tf.zeros([1, 1, inputs])));
  const shapes = { kernel: [inputs, gates], recurrentKernel: [units, gates], bias: [gates] };
  layer.setWeights(Object.entries(shapes).map(([name, shape]) => tf.tensor(arrays.get(name)!, shape)));
  return layer;
}

export function sequenceTraining(tf: TensorFlow, task: SequenceTrainingTask, arrays: Arrays): Work {
  const { network, optimizer: o } = task;
  const stepOn = (batch: number, time: number, suffix: string): (() => Tensor) => {
    const layer = layerOf(tf, network, arrays, { returnSequences: true });
    const x = tf.tensor(arrays.get(`x${suffix}`)!, [batch, time, network.inputs]);
    const target = tf.tensor(arrays.get(`target${suffix}`)!, [batch, time, network.units]);
    const optimizer = tf.train.adam(o.learningRate, o.beta1, o.beta2, o.epsilon);
    const variables = layer.trainableWeights.map(({ val }) => val);
    const loss = (): Tensor => tf.mean(tf.square(tf.sub(layer.apply(x) as Tensor, target)));
    return () => optimizer.minimize(loss, true, variables);
  };
  const timed = stepOn(task.batch, task.time, '');
  return {
    run: () => tf.tidy(() => void timed()),
    check: async () => {
      const checked = stepOn(task.checkBatch, task.checkTime, 'Check');
      return { losses: Array.from({ length: task.checkSteps }, () => checked().dataSync()[0]!) };
    },
  };
}

export function sequenceSteps(tf: TensorFlow, { network, time }: SequenceStepsTask, arrays: Arrays): Work {
  const layer = layerOf(tf, network, arrays, { returnState: true });
  const x = tf.tensor(arrays.get('x')!, [time, 1, network.inputs]);
  const read = (): Tensor => {
    const zero = tf.zeros([1, network.units]);
    let state: readonly Tensor[] = network.cell === 'lstm' ? [zero, zero] : [zero];
    for (let t = 0; t < time; t++) {
      const [, ...next] = layer.apply([tf.slice(x, [t, 0, 0], [1, 1, network.inputs]), ...state]) as readonly Tensor[];
      state = next;
    }
    return state[0]!;
  };
  return {
    run: () => tf.tidy(() => void read()),
    check: async () => ({ h: read().dataSync() }),
  };
}
