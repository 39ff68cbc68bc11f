import { suite } from '../support/suite.ts'

export default suite('e2e', { kind: 'browser', needs: ['house'], testTimeoutMs: 180_000 })
