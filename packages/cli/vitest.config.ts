import { suite } from '../../test/support/suite.ts'

export default suite('cli', { kind: 'integration', needs: ['postgres'] })
