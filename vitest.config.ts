import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two workers: the reference machine has two cores, and the tests start real servers.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes: a busy machine takes longer than the second that is the default.
    expect: { poll: { timeout: 20_000 } },
  },
})
