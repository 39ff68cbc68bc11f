import { suite } from '../support/suite.ts'

export default suite('conformance', { kind: 'unit', testTimeoutMs: 300_000 })
