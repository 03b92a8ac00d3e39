// Numbers as a language writes them.

import type { Language } from './words.ts';

export interface Format {
  /** A whole number. */
  readonly count: (value: number) => string;
  /** A share as percent, with one digit after the point. */
  readonly percent: (value: number | null | undefined) => string;
  /** A number with four digits that count; a dash if there is none. */
  readonly number: (value: number | null | undefined) => string;
}

const DASH = '–';

export function formatIn(language: Language): Format {
  const locale = language === 'pt' ? 'pt-BR' : 'en-US';
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const small = new Intl.NumberFormat(locale, { notation: 'scientific', maximumSignificantDigits: 3 });
  const isThere = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);
  return {
    count: (value) => whole.format(value),
    percent: (value) => (isThere(value) ? share.format(value) : DASH),
    number: (value) => (isThere(value) ? (value !== 0 && Math.abs(value) < 1e-4 ? small : digits).format(value) : DASH),
  };
}
