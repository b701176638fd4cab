import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Workspace packages run from their TypeScript sources; their `dist` exists only in a published package.
  resolve: { conditions: ['@specgate/source'] },
  ssr: { resolve: { conditions: ['@specgate/source'] } },
  test: {
    include: ['{generator,runtime,scripts,test}/**/*.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A promise over real sockets may meet a machine that stalls: it is asked once more there, and vitest names what it asked twice.
    retry: process.env.CI ? 1 : 0,
  },
})
