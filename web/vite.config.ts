// Vite and Vitest. `npm run dev` passes API calls on to services that run already (IMALINK_URL).
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const services = { target: process.env.IMALINK_URL ?? 'http://localhost:8000', changeOrigin: false };

export default defineConfig({
  plugins: [sveltekit()],
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { proxy: { '/api': services, '/config.json': services } },
  test: { include: ['src/**/*.test.ts'], environment: 'node', setupFiles: [] },
});
