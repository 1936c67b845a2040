// Builds the dashboard into ui/dist. Everything is addressed relative to the page, so that any basePath works,
// and nothing is inlined, because the gateway serves it under `default-src 'self'`.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0 },
});
