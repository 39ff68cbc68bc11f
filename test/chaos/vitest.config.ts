import { suite } from '../support/suite.ts'

export default suite('chaos', { kind: 'integration', needs: ['postgres', 'temporal'], testTimeoutMs: 300_000 })
