import { handOver } from './bootstrap.mjs'

await handOver('scripts/check.ts', process.argv.slice(2))
