import { fileURLToPath } from 'node:url'
import { suite } from '../../test/support/suite.ts'

const project = suite('api', { kind: 'integration', needs: ['postgres', 'temporal'] })

// Vite would take the file that bundlers read, node takes the other: two copies of graphql refuse each other's types.
export default { ...project, resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] } }
