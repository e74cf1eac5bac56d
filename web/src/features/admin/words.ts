// The words of administration in the language that the page speaks.
import { language } from '$i18n/index.svelte';
import { en } from './words.en';
import type { Words } from './words.en';
import { nb } from './words.nb';

const LANGUAGES: Record<typeof language.locale, Words> = { en, nb };

export function words(): Words {
  return LANGUAGES[language.locale];
}
