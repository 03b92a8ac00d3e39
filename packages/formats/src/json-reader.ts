// A reader of JSON whose caller says which kind of value comes next. Unlike JSON.parse it refuses a name given twice and integers that
// are not exact, and builds only what the caller asks for. It never recurses by itself: a value of an unexpected kind, however deeply
// nested, is an error at its first character.

import { FormatError, quote } from './format-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads one JSON text from start to end. Every method throws FormatError when the text does not match. */
export class JsonReader {
  private readonly text: string;
  private readonly label: string;
  private position = 0;

  /** @param label begins every error message */
  constructor(text: string, label: string) {
    this.text = text;
    this.label = label;
  }

  /** Reads an object. `readValue` is called after each name and reads that member's value. A name given twice is an error. */
  object(readValue: (name: string) => void): void {
    const names = new Set<string>();
    this.list('{', '}', () => {
      const start = this.skipSpace();
      const name = this.string();
      if (names.has(name)) throw this.error(`the name ${quote(name)} comes twice in one object, again at character ${start}`);
      names.add(name);
      if (!this.take(':')) throw this.expected('":"');
      readValue(name);
    });
  }

  /** Reads an array. `readElement` is called before each element and reads it. */
  array(readElement: () => void): void {
    this.list('[', ']', readElement);
  }

  /** Reads a string. Invalid Unicode (an escaped half of a surrogate pair) is an error. */
  string(): string {
    const start = this.skipSpace();
    if (this.text.charCodeAt(start) !== QUOTE) throw this.expected('a string');
    let escaped = false;
    for (let i = start + 1; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i);
      if (code === QUOTE) {
        this.position = i + 1;
        return escaped ? this.unescape(start, i + 1) : this.text.slice(start + 1, i);
      }
      if (code < 0x20) throw this.error(`a bare control character in the string at character ${start}`);
      if (code === BACKSLASH) {
        escaped = true;
        i++; // skips the escaped character, which may be a quotation mark
      }
    }
    throw this.error(`the string at character ${start} has no end`);
  }

  /** Reads an integer in [0, 2^53 - 1] written in digits alone: no sign, fraction or exponent. */
  integer(): number {
    const start = this.skipSpace();
    let end = start;
    let value = 0;
    for (; isDigit(this.text.charCodeAt(end)); end++) value = value * 10 + this.text.charCodeAt(end) - 0x30;
    const digits = this.text.slice(start, end);
    if (digits === '') throw this.expected('a non-negative integer');
    if ((digits[0] === '0' && digits !== '0') || /[.eE]/.test(this.text.charAt(end))) {
      throw this.error(`the number at character ${start} is not a plain integer`);
    }
    if (!Number.isSafeInteger(value)) throw this.error(`the number at character ${start} is above 2^53 - 1`);
    this.position = end;
    return value;
  }

  /** Skips white space; returns the index of the next value, for the caller's own messages. */
  skipSpace(): number {
    while (isSpace(this.text.charCodeAt(this.position))) this.position++;
    return this.position;
  }

  /** Checks that only white space is left. */
  end(): void {
    if (this.skipSpace() < this.text.length) throw this.expected('the end');
  }

  private list(open: string, close: string, readItem: () => void): void {
    if (!this.take(open)) throw this.expected(JSON.stringify(open));
    if (this.take(close)) return;
    do readItem();
    while (this.take(','));
    if (!this.take(close)) throw this.expected(`"," or "${close}"`);
  }

  private take(character: string): boolean {
    if (this.text[this.skipSpace()] !== character) return false;
    this.position++;
    return true;
  }

  private unescape(start: number, end: number): string {
    let value: string;
    try {
      value = JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      throw this.error(`the string at character ${start} has an invalid escape`);
    }
    if (!isWellFormed(value)) throw this.error(`the string at character ${start} is not valid Unicode`);
    return value;
  }

  private expected(what: string): FormatError {
    const at = this.skipSpace();
    const found = at < this.text.length ? quote(String.fromCodePoint(this.text.codePointAt(at)!)) : 'the end';
    return this.error(`expected ${what} at character ${at}, found ${found}`);
  }

  private error(message: string): FormatError {
    return new FormatError(`${this.label}: ${message}`);
  }
}

/** Whether a string is valid Unicode, so that UTF-8 can hold it (String.prototype.isWellFormed of ES2024). */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a character is JSON's white space: space, tab, line feed, carriage return (RFC 8259, section 2). */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
