// The languages of a report.

import { english } from './words-en.ts';
import { portuguese } from './words-pt.ts';

export const languages = ['en', 'pt'] as const;
export type Language = (typeof languages)[number];

/** Every text of a report; English says which there are. */
export type Words = typeof english;

export const wordsIn: Readonly<Record<Language, Words>> = { en: english, pt: portuguese };
