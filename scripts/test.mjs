import { handOver } from './bootstrap.mjs'

await handOver('scripts/test.ts', process.argv.slice(2))
