// Which language the page speaks. `t()` is the catalogue; reading it in a template keeps the template in that language.
import { en } from './en';

type Widen<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { [K in keyof T]: Widen<T[K]> };

/** What every language must have. */
export type Catalogue = Widen<typeof en>;
export type Locale = 'en' | 'nb';
export const LOCALES: Record<Locale, string> = { en: 'English', nb: 'Norsk bokmål' };

const KEY = 'imalink.locale';
const others: Record<Exclude<Locale, 'en'>, () => Promise<Catalogue>> = {
  nb: () => import('./nb').then((module) => module.nb),
};

class Language {
  locale = $state<Locale>('en');
  words = $state.raw<Catalogue>(en);

  /** Speak as chosen before, else as the browser asks. */
  async start(): Promise<void> {
    const chosen = localStorage.getItem(KEY);
    const norwegian = navigator.languages.some((tag) => /^(nb|nn|no)\b/.test(tag)) && !/^en/.test(navigator.language);
    await this.speak(chosen === 'nb' || chosen === 'en' ? chosen : norwegian ? 'nb' : 'en', { keep: false });
  }

  async speak(locale: Locale, { keep = true } = {}): Promise<void> {
    this.words = locale === 'en' ? en : await others[locale]();
    this.locale = locale;
    document.documentElement.lang = locale;
    if (keep) localStorage.setItem(KEY, locale);
  }

  /** The tag for dates and numbers: day before month in both. */
  get tag(): string {
    return this.locale === 'en' ? 'en-GB' : 'nb-NO';
  }
}

export const language = new Language();

/** The words of the language that is spoken now. */
export function t(): Catalogue {
  return language.words;
}
