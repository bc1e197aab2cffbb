import { defineConfig } from 'vite';

// The port is part of the redirect URI that the issuer knows, so another one is an error and not a guess.
const server = { host: 'localhost', port: 5173, strictPort: true };

export default defineConfig({
  server,
  preview: server,
  build: { target: 'es2022', modulePreload: { polyfill: false } },
});
