import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'test/conformance', 'test/chaos', 'test/e2e', 'scripts'],
    maxWorkers: 2,
  },
})
