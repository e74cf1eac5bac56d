// Types that SvelteKit asks for.
declare global {
  namespace App {
    interface PageState {
      lightbox?: number;
    }
  }
}

export {};
