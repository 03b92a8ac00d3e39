// The languages of a report.

import { english } from './words-en.ts';
import type { Words } from './words-en.ts';
import { portuguese } from './words-pt.ts';

export const languages = ['en', 'pt'] as const;
export type Language = (typeof languages)[number];

export const wordsIn: Readonly<Record<Language, Words>> = { en: english, pt: portuguese };
