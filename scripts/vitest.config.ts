import { suite } from '../test/support/suite.ts'

export default suite('scripts', { kind: 'unit' })
