import { writeFileSync } from 'node:fs'
import { bundleWorkflows } from '../../packages/workflows/src/create-worker.ts'

// node bundle-workflows.ts FILE: what a worker would otherwise make for itself at each start.
const { code } = await bundleWorkflows()
writeFileSync(process.argv[2]!, code)
