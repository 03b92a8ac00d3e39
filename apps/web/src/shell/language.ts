// The language of the page: Portuguese or English. Every text exists in both, or the program does not compile: `pt` has the type of `en`.

import { effect, signal } from '@preact/signals';

export const languages = ['pt', 'en'] as const;
export type Language = (typeof languages)[number];

/** The texts of a part of the page in all languages. */
export type Texts<T> = Readonly<Record<Language, T>>;

const KEY = 'sinapse-language';

/** The language chosen before; otherwise Portuguese where the browser prefers it. */
function initialLanguage(): Language {
  const kept = remembered();
  if (kept === 'pt' || kept === 'en') return kept;
  return navigator.language.startsWith('pt') ? 'pt' : 'en';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is forbidden; the language then holds for this visit
  }
}

export const language = signal<Language>(initialLanguage());

effect(() => {
  document.documentElement.lang = language.value;
  try {
    localStorage.setItem(KEY, language.value);
  } catch {
    // As above.
  }
});

/** The texts in the current language. A component that calls it is drawn again when the language changes. */
export function textOf<T>(texts: Texts<T>): T {
  return texts[language.value];
}

/** A number with the decimal sign of the language. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(language.value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share within [0, 1] as a percentage. */
export function percent(value: number, digits = 1): string {
  return value.toLocaleString(language.value, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The name of a language in that language. */
export const languageNames: Readonly<Record<Language, string>> = { pt: 'Português', en: 'English' };
