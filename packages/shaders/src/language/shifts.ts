// Division by a constant power of two as a shift or a mask: devices divide integers slowly, and not every compiler spares them.

/** A name, or what stands in parentheses, divided by an unsigned constant. */
const DIVISION = /(\w+|\((?:[^()]|\([^()]*\))*\)) ([/%]) (?:(\d+)u\b|\((\d+)u\))/g;

/** A product of two constants at the beginning of parentheses. */
const PRODUCT = /\((\d+)u \* (\d+)u(\)| \* )/;

/** Code whose divisions of unsigned numbers by powers of two are shifts and masks. */
export function withShifts(code: string): string {
  let before: string;
  let now = code;
  do {
    before = now;
    now = folded(now).replace(
      DIVISION,
      (division, dividend: string, sign: string, bare: string, inside: string, at: number, whole: string) => {
        const divisor = Number(bare ?? inside);
        const shift = Math.log2(divisor);
        // What comes before may bind the dividend first: a factor, a member's object, or a function's name.
        if (!Number.isInteger(shift) || /(?:[\w.]|[*/%] )$/.test(whole.slice(Math.max(0, at - 2), at))) return division;
        return sign === '/' ? `(${dividend} >> ${shift}u)` : `(${dividend} & ${divisor - 1}u)`;
      },
    );
  } while (now !== before);
  return now;
}

/** Code whose products of constants in parentheses are constants. */
function folded(code: string): string {
  for (;;) {
    const now = code.replace(PRODUCT, (product, a: string, b: string, end: string) => {
      const value = Number(a) * Number(b);
      if (value >= 2 ** 32) return product;
      return `(${value}u${end}`;
    });
    if (now === code) return code;
    code = now;
  }
}
