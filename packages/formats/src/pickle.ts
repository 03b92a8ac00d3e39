// Reads the part of Python's pickle format that holds plain data: numbers, texts, lists, tuples, dictionaries, and calls of functions that the caller of
// this reader knows. Nothing is executed: a name of a function is only compared with a list. Opcodes: CPython, Lib/pickletools.py.

import { FormatError } from './format-error.ts';

/** A Python object. Tuples and lists are arrays, bytes are a Uint8Array, integers beyond 2^53 a bigint, None is null. */
export type PickleValue = number | bigint | string | boolean | null | Uint8Array | PickleValue[] | Map<PickleValue, PickleValue> | object;

/** What the reader asks of its caller. */
export interface PickleHost {
  /** What a call of a function or class gives, e.g. of `collections.OrderedDict`. Undefined: the function is not known. */
  global(name: string): PickleFunction | undefined;
  /** What a persistent identifier stands for: it names something outside the pickle. */
  persistent(id: PickleValue): PickleValue;
  /** What to say of a function that is not known. */
  refusal(name: string): string;
}

/** A known function: of its arguments it makes a value, by code of the caller. */
export class PickleFunction {
  readonly name: string;
  readonly call: (given: readonly PickleValue[]) => PickleValue;

  constructor(name: string, call: (given: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

/** Marks the beginning of the items that an opcode collects. */
const MARK: unique symbol = Symbol('mark');

type Stacked = PickleValue | typeof MARK;

/** Reads one pickle. */
export class PickleReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly label: string;
  private readonly host: PickleHost;
  private position = 0;
  private stack: Stacked[] = [];
  private readonly memo = new Map<number, PickleValue>();

  /** @param label begins every error message */
  constructor(bytes: Uint8Array, label: string, host: PickleHost) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.label = label;
    this.host = host;
  }

  /** @throws FormatError when the bytes are no pickle, or one that holds more than plain data and known functions */
  read(): PickleValue {
    for (;;) {
      const at = this.position;
      const opcode = this.unsigned(1);
      if (opcode === 0x2e) return this.pop(); // STOP
      const operation = OPERATIONS[opcode];
      if (operation === undefined) throw this.error(`the opcode ${opcode} at byte ${at} is not one that plain data need`);
      operation(this);
    }
  }

  push(value: Stacked): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw this.error('it takes a value that is not there');
    return value;
  }

  /** The value on top, which stays. */
  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** Takes all values down to the last mark. */
  popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.error('it takes values up to a mark that is not there');
    return this.stack.splice(mark).slice(1) as PickleValue[];
  }

  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  memoize(index: number = this.memo.size): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.error(`it recalls value ${index}, which it never kept`);
    this.push(value);
  }

  unsigned(width: 1 | 2 | 4 | 8): number {
    const at = this.advance(width);
    if (width === 1) return this.view.getUint8(at);
    if (width === 2) return this.view.getUint16(at, true);
    if (width === 4) return this.view.getUint32(at, true);
    return Number(this.view.getBigUint64(at, true));
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** An integer of any length in two's complement, little endian. */
  long(length: number): number | bigint {
    const bytes = this.take(length);
    let value = 0n;
    for (let i = Math.min(length, 9) - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i]!);
    if (length > 9) throw this.error('an integer has more than 72 bits');
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  /** @param length in bytes */
  text(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(length));
    } catch (error) {
      throw error instanceof FormatError ? error : this.error('a text is not valid UTF-8');
    }
  }

  /** A copy of the next bytes. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const at = this.advance(length);
    return Uint8Array.from(this.bytes.subarray(at, at + length));
  }

  /** The text up to the next line break. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.error('a line has no end');
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  pushGlobal(module: string, name: string): void {
    const full = `${module}.${name}`;
    const found = this.host.global(full);
    if (found === undefined) throw this.error(this.host.refusal(full));
    this.push(found);
  }

  /** Calls a known function with a tuple of arguments. */
  reduce(): void {
    const given = this.pop();
    const called = this.pop();
    if (!(called instanceof PickleFunction) || !Array.isArray(given)) throw this.error('it calls something that is not a known function');
    this.push(called.call(given));
  }

  persistent(): void {
    this.push(this.host.persistent(this.pop()));
  }

  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0) throw this.error('it sets entries of something that is not a dictionary');
    for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!Array.isArray(target)) throw this.error('it appends to something that is not a list');
    for (const item of items) (target as PickleValue[]).push(item);
  }

  error(problem: string): FormatError {
    return new FormatError(`${this.label}: ${problem}`);
  }

  private advance(count: number): number {
    const at = this.position;
    if (count > this.bytes.length - at) throw this.error(`it ends at byte ${this.bytes.length}, within a value`);
    this.position += count;
    return at;
  }
}

/** What each opcode does. */
const OPERATIONS: Readonly<Partial<Record<number, (pickle: PickleReader) => void>>> = {
  0x80: (pickle) => void pickle.unsigned(1), // PROTO
  0x95: (pickle) => void pickle.unsigned(8), // FRAME
  0x28: (pickle) => pickle.push(MARK), // MARK
  0x30: (pickle) => void pickle.pop(), // POP
  0x4e: (pickle) => pickle.push(null), // NONE
  0x88: (pickle) => pickle.push(true), // NEWTRUE
  0x89: (pickle) => pickle.push(false), // NEWFALSE
  0x4a: (pickle) => pickle.push(pickle.int32()), // BININT
  0x4b: (pickle) => pickle.push(pickle.unsigned(1)), // BININT1
  0x4d: (pickle) => pickle.push(pickle.unsigned(2)), // BININT2
  0x8a: (pickle) => pickle.push(pickle.long(pickle.unsigned(1))), // LONG1
  0x47: (pickle) => pickle.push(pickle.float64()), // BINFLOAT
  0x58: (pickle) => pickle.push(pickle.text(pickle.unsigned(4))), // BINUNICODE
  0x8c: (pickle) => pickle.push(pickle.text(pickle.unsigned(1))), // SHORT_BINUNICODE
  0x8d: (pickle) => pickle.push(pickle.text(pickle.unsigned(8))), // BINUNICODE8
  0x43: (pickle) => pickle.push(pickle.take(pickle.unsigned(1))), // SHORT_BINBYTES
  0x42: (pickle) => pickle.push(pickle.take(pickle.unsigned(4))), // BINBYTES
  0x7d: (pickle) => pickle.push(new Map()), // EMPTY_DICT
  0x5d: (pickle) => pickle.push([]), // EMPTY_LIST
  0x29: (pickle) => pickle.push([]), // EMPTY_TUPLE
  0x85: (pickle) => pickle.push(pickle.popMany(1)), // TUPLE1
  0x86: (pickle) => pickle.push(pickle.popMany(2)), // TUPLE2
  0x87: (pickle) => pickle.push(pickle.popMany(3)), // TUPLE3
  0x74: (pickle) => pickle.push(pickle.popToMark()), // TUPLE
  0x73: (pickle) => pickle.setItems(pickle.popMany(2)), // SETITEM
  0x75: (pickle) => pickle.setItems(pickle.popToMark()), // SETITEMS
  0x61: (pickle) => pickle.append(pickle.popMany(1)), // APPEND
  0x65: (pickle) => pickle.append(pickle.popToMark()), // APPENDS
  0x71: (pickle) => pickle.memoize(pickle.unsigned(1)), // BINPUT
  0x72: (pickle) => pickle.memoize(pickle.unsigned(4)), // LONG_BINPUT
  0x94: (pickle) => pickle.memoize(), // MEMOIZE
  0x68: (pickle) => pickle.recall(pickle.unsigned(1)), // BINGET
  0x6a: (pickle) => pickle.recall(pickle.unsigned(4)), // LONG_BINGET
  0x63: (pickle) => pickle.pushGlobal(pickle.line(), pickle.line()), // GLOBAL
  0x93: (pickle) => {
    const [module, name] = pickle.popMany(2); // STACK_GLOBAL
    if (typeof module !== 'string' || typeof name !== 'string') throw pickle.error('the name of a function is not a text');
    pickle.pushGlobal(module, name);
  },
  0x52: (pickle) => pickle.reduce(), // REDUCE
  0x51: (pickle) => pickle.persistent(), // BINPERSID
  0x62: (pickle) => {
    pickle.pop(); // BUILD: attributes of an object, e.g. the versions of a state dict's modules
    if (!(pickle.top() instanceof Map)) throw pickle.error('it gives attributes to something that is not a dictionary');
  },
};
