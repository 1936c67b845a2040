// Builds the dashboard into ui/dist. Everything is addressed relative to the page, so that any basePath works,
// and nothing is inlined, because the gateway serves it under `default-src 'self'`.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { recordedApi } from './dev/vite-plugin.ts';

export default defineConfig({
  base: './',
  plugins: [react(), recordedApi()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The browsers since 2024, which know light-dark() and :has().
    target: ['chrome123', 'firefox121', 'safari17.5'],
  },
});
