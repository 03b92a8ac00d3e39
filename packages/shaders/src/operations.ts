// The operations of the kernels `unary`, `binary` and `elementwise` as expressions on words.

import type { BinaryOp, DType, UnaryOp } from '@sinapse/core';

const FLOAT_UNARY: Readonly<Record<UnaryOp, (x: string) => string>> = {
  neg: (x) => `(${x} ^ 0x80000000u)`,
  abs: (x) => `(${x} & 0x7fffffffu)`,
  sign: (x) => `sign_(${x})`,
  floor: (x) => `floor_(${x})`,
  ceil: (x) => `ceil_(${x})`,
  round: (x) => `round_(${x})`,
  exp: (x) => `exp_(${x})`,
  expm1: (x) => `expm1_(${x})`,
  log: (x) => `log_(${x})`,
  log1p: (x) => `log1p_(${x})`,
  sqrt: (x) => `sqrt_(${x})`,
  sin: (x) => `wave_(${x}, 0u)`,
  cos: (x) => `wave_(${x}, 1u)`,
  tanh: (x) => `tanh_(${x})`,
  sigmoid: (x) => `sigmoid_(${x})`,
  erf: (x) => `erf_(${x})`,
  erfc: (x) => `erfc_(${x})`,
  not: (x) => `(1u - ${x})`,
  isNaN: (x) => `u32(isNan(${x}))`,
};

const INT_UNARY: Readonly<Partial<Record<UnaryOp, (x: string) => string>>> = {
  neg: (x) => `(0u - ${x})`,
  abs: (x) => `select(${x}, 0u - ${x}, ${x} >= 0x80000000u)`,
  sign: (x) => `asUnsigned(sign(asInt(${x})))`,
};

/**
 * The word of an operation's result.
 * @param x a variable, as the expression may use it more than once
 */
export function unaryOf(op: UnaryOp, dtype: DType, x: string): string {
  return ((dtype === 'int32' ? INT_UNARY[op] : undefined) ?? FLOAT_UNARY[op])(x);
}

const COMPARISON: Readonly<Record<string, string>> = {
  equal: '==',
  notEqual: '!=',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
};

/**
 * The word of an operation's result.
 * @param dtype of the operands a and b, which are variables
 */
export function binaryOf(op: BinaryOp, dtype: DType, a: string, b: string): string {
  if (op === 'and' || op === 'or' || op === 'xor') return `(${a} ${{ and: '&', or: '|', xor: '^' }[op]} ${b})`;
  const sign = COMPARISON[op];
  if (dtype === 'float32') return sign === undefined ? floatBinary(op, a, b) : floatComparison(op, sign, a, b);
  return sign === undefined ? intBinary(op, a, b) : `u32(asInt(${a}) ${sign} asInt(${b}))`;
}

function floatBinary(op: BinaryOp, a: string, b: string): string {
  switch (op) {
    case 'add':
      return `asWord(asFloat(${a}) + asFloat(${b}))`;
    case 'sub':
      return `asWord(asFloat(${a}) - asFloat(${b}))`;
    case 'mul':
      return `asWord(asFloat(${a}) * asFloat(${b}))`;
    case 'div':
      return `divide_(${a}, ${b})`;
    case 'mod':
      return `mod_(${a}, ${b})`;
    case 'pow':
      return `power_(${a}, ${b})`;
    default:
      return `${op}_(${a}, ${b})`;
  }
}

function floatComparison(op: BinaryOp, sign: string, a: string, b: string): string {
  const unordered = `isNan(${a}) || isNan(${b})`;
  return op === 'notEqual'
    ? `u32(${unordered} || asFloat(${a}) != asFloat(${b}))`
    : `u32(!(${unordered}) && asFloat(${a}) ${sign} asFloat(${b}))`;
}

function intBinary(op: BinaryOp, a: string, b: string): string {
  switch (op) {
    case 'add':
      return `(${a} + ${b})`;
    case 'sub':
      return `(${a} - ${b})`;
    case 'mul':
      return `(${a} * ${b})`;
    case 'div':
      return `intDivide_(asInt(${a}), asInt(${b}))`;
    case 'mod':
      return `intMod_(asInt(${a}), asInt(${b}))`;
    case 'pow':
      return `intPower_(asInt(${a}), asInt(${b}))`;
    case 'max':
      return `asUnsigned(max(asInt(${a}), asInt(${b})))`;
    default:
      return `asUnsigned(min(asInt(${a}), asInt(${b})))`;
  }
}

/** The word of x, a variable, converted to a dtype. An integer is rounded towards zero and clamped; NaN becomes 0, or true as a bool. */
export function castOf(from: DType, to: DType, x: string): string {
  if (to === from) return x;
  if (to === 'bool') return from === 'float32' ? `u32(!isZero(${x}))` : `u32(${x} != 0u)`;
  if (to === 'float32') return from === 'int32' ? `asWord(f32(asInt(${x})))` : `asWord(f32(${x}))`;
  if (from === 'float32') return to === 'int32' ? `toInt_(${x})` : `toByte_(${x})`;
  return to === 'uint8' && from === 'int32' ? `asUnsigned(clamp(asInt(${x}), 0, 255))` : x;
}
