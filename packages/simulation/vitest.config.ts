import { suite } from '../../test/support/suite.ts'

export default suite('simulation', { kind: 'unit' })
