// The operations on numbers: attributes of kernels, and instructions of programs.

export type UnaryOp =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'ceil'
  | 'round' // round: half to even
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'erfc'
  | 'not'
  | 'isNaN'; // bool results

export type ArithmeticOp = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'max' | 'min';
export type ComparisonOp = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
export type LogicalOp = 'and' | 'or' | 'xor';
export type BinaryOp = ArithmeticOp | ComparisonOp | LogicalOp;
