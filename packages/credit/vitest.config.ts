import { suite } from '../../test/support/suite.ts'

export default suite('credit', { kind: 'unit' })
