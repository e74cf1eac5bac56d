// The words of originals and places in the language that the page speaks, and what the service's own words become in it.
import { language } from '$i18n/index.svelte';
import { bytes } from '$lib/exposure';
import type { Refused, Trouble } from './sender';
import { en, type Words } from './words.en';
import { nb } from './words.nb';

const LANGUAGES: Record<typeof language.locale, Words> = { en, nb };

export function w(): Words {
  return LANGUAGES[language.locale];
}

/** Why a file was refused. */
export function whyRefused({ slug, detail }: Refused): string {
  return w().refusals[slug] ?? (detail || slug);
}

/** What keeps everything from being sent. */
export function whatTroubles({ slug, detail }: Trouble): string {
  return w().troubles[slug] ?? (detail || w().troubles.unreachable!);
}

/** What an upload asks for. */
export function warned(warning: Record<string, unknown>): string {
  return w().warnings[String(warning.code)] ?? String(warning.message ?? warning.code);
}

/** "3.4 MB" */
export function sized(size: number): string {
  return bytes(size, language.tag);
}
