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
    // A browser on a crowded machine stumbles now and then. What needed a second go is printed; what fails twice is wrong.
    retry: 1,
    // A page that waits for a server on a busy machine is not wrong after one second.
    expect: { poll: { timeout: 15_000 } },
  },
})
