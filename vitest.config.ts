import { defineConfig } from 'vitest/config'

// Stories, rules, house tests and journeys in one run: two workers, since a journey keeps a browser and a server busy.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'house/**/*.test.ts', 'journeys/**/*.test.ts'],
    globalSetup: ['./src/app/testing-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
