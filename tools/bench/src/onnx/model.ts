// ONNX models (github.com/onnx/onnx, onnx.proto3): a graph of nodes, with the field numbers of that file.

import type { Field } from './protobuf.ts';
import { encodeMessage } from './protobuf.ts';

/** An attribute of an operator: an integer, a list of integers, or a float. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Constant extends Value {
  readonly data: Float32Array | BigInt64Array;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: readonly Constant[];
  readonly nodes: readonly Node[];
}

const IR_VERSION = 8;
const OPERATOR_SET = 17;
const FLOAT = 1;
const INT64 = 7;
/** Values of AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 };

/** The bytes of a model that computes float32 outputs of float32 inputs. */
export function encodeModel({ name, inputs, outputs, constants, nodes }: Graph): Uint8Array {
  const graph: Field[] = [
    ...nodes.map((node): Field => [1, encodeNode(node)]),
    [2, name],
    ...constants.map((constant): Field => [5, encodeConstant(constant)]),
    ...inputs.map((value): Field => [11, encodeValue(value)]),
    ...outputs.map((value): Field => [12, encodeValue(value)]),
  ];
  return encodeMessage([
    [1, IR_VERSION],
    [7, graph],
    [8, [[2, OPERATOR_SET]]],
  ]);
}

function encodeNode({ operator, inputs, output, attributes = {} }: Node): Field[] {
  return [
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [3, output],
    [4, operator],
    ...Object.entries(attributes).map(([name, value]): Field => [5, encodeAttribute(name, value)]),
  ];
}

function encodeAttribute(name: string, value: Attribute): Field[] {
  if (typeof value === 'number') {
    return [
      [1, name],
      [3, value],
      [20, ATTRIBUTE.int],
    ];
  }
  if ('float' in value) {
    return [
      [1, name],
      [2, value],
      [20, ATTRIBUTE.float],
    ];
  }
  return [[1, name], ...value.map((integer): Field => [8, integer]), [20, ATTRIBUTE.ints]];
}

function encodeConstant({ name, shape, data }: Constant): Field[] {
  return [
    ...shape.map((length): Field => [1, length]),
    [2, data instanceof Float32Array ? FLOAT : INT64],
    [8, name],
    [9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  ];
}

function encodeValue({ name, shape }: Value): Field[] {
  const dimensions = shape.map((length): Field => [1, [[1, length]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, FLOAT],
            [2, dimensions],
          ],
        ],
      ],
    ],
  ];
}
