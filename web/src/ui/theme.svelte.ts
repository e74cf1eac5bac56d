// Light, dark, or as the system has it. static/theme.js applies the choice before the first paint.
export type Theme = 'light' | 'dark' | 'system';

const KEY = 'imalink.theme';

class Look {
  theme = $state<Theme>('system');

  start(): void {
    const chosen = localStorage.getItem(KEY);
    this.theme = chosen === 'light' || chosen === 'dark' ? chosen : 'system';
  }

  choose(theme: Theme): void {
    this.theme = theme;
    if (theme === 'system') {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(KEY, theme);
      document.documentElement.dataset.theme = theme;
    }
  }

  /** The other one of light and dark than is seen now. */
  toggle(): void {
    this.choose(this.isDark ? 'light' : 'dark');
  }

  get isDark(): boolean {
    return this.theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : this.theme === 'dark';
  }
}

export const look = new Look();
