// The import's words in the language that the page speaks.
import { language } from '$i18n/index.svelte';
import type { Failure } from '$api/services';
import { en } from './words.en';
import type { Words } from './words.en';
import { nb } from './words.nb';

const LANGUAGES: Record<typeof language.locale, Words> = { en, nb };

export function w(): Words {
  return LANGUAGES[language.locale];
}

/** Why a file failed, for its owner. */
export function because(failure: Failure | undefined): string {
  if (!failure) return '';
  return w().failures[failure.slug] ?? (failure.detail || failure.slug);
}
