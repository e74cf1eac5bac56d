// How the page is built: a single page, all of it static files; metadata_service answers index.html where no file is.
import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter({ fallback: 'index.html', precompress: true }),
    alias: { $api: 'src/api', $features: 'src/features', $i18n: 'src/i18n', $ui: 'src/ui' },
    version: { pollInterval: 0 },
  },
};
