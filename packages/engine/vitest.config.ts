import { suite } from '../../test/support/suite.ts'

export default suite('engine', { kind: 'unit' })
