// What lint asks: typed rules, one door to the network (src/api), and features that do not know each other.
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', 'node_modules/', 'src/api/core.d.ts', 'src/api/metadata.d.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 22],
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'fetch', message: 'src/api is the only one who fetches.' }],
      'svelte/no-navigation-without-resolve': 'off', // the page is always served at the root
      'svelte/prefer-svelte-reactivity': 'off', // plain sets and maps are meant where they are used
    },
  },
  { files: ['src/api/**', 'src/**/*.worker.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['src/lib/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['$api*', '$features*', '$ui*', '$app*', 'svelte', 'svelte/*'] }],
    },
  },
  {
    files: ['src/features/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['$features/*'], message: 'Features do not import each other; routes bring them together.' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig },
    },
  },
);
