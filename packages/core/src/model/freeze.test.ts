import { reference } from '@sinapse/backend-reference';
import { beforeAll, describe, expect, test } from 'vitest';
import { use } from '../dispatch/active-backend.ts';
import { tensor } from '../tensor/creation.ts';
import { freeze, unfreeze } from './freeze.ts';
import { Parameter } from './parameter.ts';
import { parametersOf } from './tree.ts';

beforeAll(() => void use(reference()));

const layer = () => ({ kernel: new Parameter(tensor([1])), bias: new Parameter(tensor([2])) });
const model = () => ({ conv1: layer(), conv2: layer(), block: { conv1: layer() }, head: layer() });
const frozen = (of: object) => parametersOf(of).filter(({ cell }) => !cell.trainable).map(({ path }) => path); // prettier-ignore

describe('freeze', () => {
  test.each<[string, string[]]>([
    ['conv*', ['conv1/kernel', 'conv1/bias', 'conv2/kernel', 'conv2/bias']],
    ['block', ['block/conv1/kernel', 'block/conv1/bias']],
    ['block/conv1', ['block/conv1/kernel', 'block/conv1/bias']],
    ['*/bias', ['conv1/bias', 'conv2/bias', 'block/conv1/bias', 'head/bias']],
    ['head/kernel', ['head/kernel']],
  ])('%s', (pattern, paths) => {
    const it = model();
    expect(freeze(it, pattern)).toEqual(paths);
    expect(frozen(it)).toEqual(paths);
    expect(unfreeze(it, pattern)).toEqual(paths);
    expect(frozen(it)).toEqual([]);
  });

  test('freezes all by default', () => {
    const it = model();
    expect(freeze(it)).toHaveLength(8);
    unfreeze(it, 'head');
    expect(frozen(it)).toHaveLength(6);
  });

  test('a pattern that names nothing is answered with the nearest name', () => {
    expect(() => freeze(model(), 'cnov1')).toThrow('freeze: nothing is named "cnov1"; did you mean conv1?');
    expect(() => unfreeze(model(), 'hed*')).toThrow('unfreeze: nothing is named "hed*"; did you mean head?');
    expect(() => freeze(model(), 'decoder')).toThrow('freeze: nothing is named "decoder"; there are conv1, conv2, block, head');
    expect(() => freeze({}, 'conv')).toThrow('freeze: the model has no parameters');
    expect(() => freeze(model(), 3 as never)).toThrow('freeze: pattern: expected a pattern of paths, e.g. conv*, got 3');
  });
});
