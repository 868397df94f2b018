import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm run dev` says where the API is; the built console calls the server that it came from. */
const server = process.env.KURZPOST_URL ?? 'http://127.0.0.1:7678'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The policy allows fonts and scripts from the server only, so nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/v1', '/docs', '/openapi.json'].map((path) => [path, server])),
  },
})
