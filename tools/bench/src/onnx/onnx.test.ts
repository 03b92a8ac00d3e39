import { expect, test } from 'vitest';
import { resnet50 } from '../networks/networks.ts';
import { weightsOf } from '../problem/numbers.ts';
import { graphOf } from './graphs.ts';
import { encodeModel } from './model.ts';
import { encodeMessage } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('the wire format, with the examples of protobuf.dev/programming-guides/encoding', () => {
  expect(hex(encodeMessage([[1, 150]]))).toBe('089601');
  expect(hex(encodeMessage([[2, 'testing']]))).toBe('120774657374696e67');
  expect(hex(encodeMessage([[3, [[1, 150]]]]))).toBe('1a03089601');
  expect(hex(encodeMessage([[1, -2]]))).toBe('08feffffffffffffffff01');
  expect(hex(encodeMessage([[1, { float: 1 }]]))).toBe('0d0000803f');
  expect(hex(encodeMessage([[16, 0]]))).toBe('800100');
});

test('a model of one addition, put together by hand from the field numbers of onnx.proto3', () => {
  const model = encodeModel({
    name: 'g',
    inputs: [{ name: 'a', shape: [8] }, { name: 'b', shape: [8] }], // prettier-ignore
    outputs: [{ name: 'y', shape: [8] }],
    constants: [],
    nodes: [{ operator: 'Add', inputs: ['a', 'b'], output: 'y' }],
  });
  // ValueInfoProto: the name, then a type, whose tensor_type has elem_type 1 (float) and a shape of one dimension, 8.
  const value = (name: string): string => `0a01${name}` + '120a' + '0a08' + '0801' + '1204' + '0a02' + '0808';
  // NodeProto: two inputs, one output, name, op_type "Add".
  const node = '0a0161' + '0a0162' + '120179' + '1a0179' + '2203416464';
  const graph = `0a11${node}` + '120167' + `5a0f${value('61')}` + `5a0f${value('62')}` + `620f${value('79')}`;
  expect(hex(model)).toBe(`0808` + `3a${(graph.length / 2).toString(16)}${graph}` + '42021011');
});

test('a network becomes a graph whose every value is made before it is used', () => {
  // The stem, one block, the classifier.
  const network = { ...resnet50, steps: [...resnet50.steps.slice(0, 6), ...resnet50.steps.slice(-2)] };
  const arrays = new Map([...weightsOf(network)].map(([name, { data }]) => [name, data as Float32Array]));
  const { nodes, constants, inputs, outputs } = graphOf({ kind: 'inference', network, batch: 2 }, arrays);
  const made = new Set([...inputs, ...constants].map(({ name }) => name));
  for (const node of nodes) {
    for (const input of node.inputs) expect(made).toContain(input);
    made.add(node.output);
  }
  expect(made).toContain(outputs[0]!.name);
  expect(nodes.filter(({ operator }) => operator === 'Conv')).toHaveLength(5);
  expect(inputs).toEqual([{ name: 'x', shape: [2, 3, 224, 224] }]);
  expect(outputs[0]!.shape).toEqual([2, 1000]);
  expect(constants.find(({ name }) => name === 'stem/kernel')!.shape).toEqual([64, 3, 7, 7]);
});

test('what it cannot do is said', () => {
  const task = { kind: 'training', network: resnet50, batch: 1, checkBatch: 1, checkSteps: 1, optimizer: { name: 'momentum', learningRate: 1, momentum: 0 } } as const; // prettier-ignore
  expect(() => graphOf(task, new Map())).toThrow('runs models and does not train them');
});
